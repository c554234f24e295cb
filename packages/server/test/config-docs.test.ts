import { expect, test } from "vitest";
import { z } from "zod";
import { configSchema } from "../src/config/config-schema.ts";

interface FieldSchema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
}

const page = (table: string) => `# Configuration

\`stargate.yaml\` or \`stargate.config.ts\` in the working directory, or the file \`--config\` names. Every field has a default, so
no file is a valid configuration. A wrong field stops the start and is named with file, place and the nearest right one.
Relative paths start from the folder of the file. \`stargate doctor\` looks for what a schema cannot see.

\`\`\`yaml
server: { port: 8080 }
limits: { maxBodyBytes: 2 GiB }        # a number of bytes, or text with a unit
adapters:
  - ocr                                # comes with the gateway
  - { use: "@acme/stargate-adapter-x", with: { level: 3 } }
pipelines: [pipelines]                 # files or folders of files
\`\`\`

\`\`\`ts
import { defineConfig } from "@stargate/server";
import mine from "./my-adapter.ts";

export default defineConfig({ adapters: ["ocr", mine()], pipelines: ["pipelines"] });
\`\`\`

| Field | Default | Means |
| --- | --- | --- |
${table}

Environment: \`PORT\`, \`STARGATE_HOST\` (address), \`STARGATE_PEPPER\` (secret under the hashes of keys),
\`STARGATE_SECRET_<NAME>\` (what adapters ask for by name), \`STARGATE_MODELS\` (folders of model files, separated like PATH).

This page is made from the schema by packages/server/test/config-docs.test.ts (\`vitest -u\`).
`;

/** One row per field that stands for itself; sections are walked into. */
function rows(schema: FieldSchema, path: string): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const place = path === "" ? name : `${path}.${name}`;
    if (field.properties !== undefined && field.description === undefined) return rows(field, place);
    const value = field.default === undefined ? "" : `\`${JSON.stringify(field.default)}\``;
    return [`| \`${place}\` | ${value} | ${field.description ?? ""} |`];
  });
}

test("docs/config.md is what the schema says", async () => {
  const schema = z.toJSONSchema(configSchema, { unrepresentable: "any", io: "input" }) as FieldSchema; // a JSON Schema has these members
  const table = rows(schema, "");
  expect(table.filter((row) => row.endsWith("|  |"))).toEqual([]);
  await expect(page(table.join("\n"))).toMatchFileSnapshot("../../../docs/config.md");
});
