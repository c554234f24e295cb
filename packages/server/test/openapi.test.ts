import { createConfig, lintFromString } from "@redocly/openapi-core";
import { pageText } from "@stargate/kernel";
import { expect, test } from "vitest";
import { oneStep } from "./support/demo-adapter.ts";
import { demoPipelines, startTestGateway } from "./support/test-gateway.ts";

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
            readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, unknown>> }>>;
          }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** A pipeline that hands its input on: enough to put a modality into the description. */
const passPages = {
  graph: { stargate: 1 as const, name: "pass-pages", inputs: { pages: pageText.id }, steps: [], output: "pages" },
};

async function describeGateway(
  pipelines: readonly object[] = [...demoPipelines, passPages],
): Promise<{ readonly text: string; readonly document: OpenApi }> {
  await using gateway = await startTestGateway({ pipelines });
  const response = await gateway.fetch("/openapi.json");
  const text = await response.text();
  return { text, document: JSON.parse(text) as OpenApi };
}

const recommended = await createConfig({ extends: ["recommended"] });

test("the description lints clean under the recommended rules", async () => {
  const { text } = await describeGateway();
  const problems = await lintFromString({ source: text, config: recommended });
  expect(problems.map(({ ruleId, message, location }) => `${ruleId} ${message} ${location[0]?.pointer ?? ""}`)).toEqual(
    [],
  );
});

test("the lint above is able to fail", async () => {
  const { text } = await describeGateway();
  const broken = { ...(JSON.parse(text) as Record<string, unknown>), security: [{ nobody: [] }] };
  const problems = await lintFromString({ source: JSON.stringify(broken), config: recommended });
  expect(problems.map(({ ruleId }) => ruleId)).toContain("security-defined");
});

test("every configured pipeline is a path of its own, with its own inputs and output", async () => {
  const { document } = await describeGateway();
  const pair = document.paths["/v1/pipelines/pair"]?.["post"];
  expect(document.openapi).toBe("3.1.0");
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(["/v1/convert", "/v1/pipelines/shout", "/v1/pipelines/count", "/v1/pipelines/pair"]),
  );
  expect(document.paths["/v1/pipelines/{name}"]).toBeUndefined();
  expect(pair?.requestBody?.content).toEqual({
    "multipart/form-data": { schema: expect.objectContaining({ required: ["first", "second"] }) as unknown },
    "application/json": { schema: expect.objectContaining({ required: ["first", "second"] }) as unknown },
  });
  expect(Object.keys(pair?.responses["200"]?.content ?? {})).toEqual([
    "text/plain",
    "text/markdown",
    "application/vnd.stargate+json",
    "text/event-stream",
  ]);
});

test("modalities that travel as JSON are described by their own zod schema", async () => {
  const { document } = await describeGateway();
  expect(Object.keys(document.components.schemas).sort()).toEqual([
    "ComputeSnapshot",
    "Job",
    "Json",
    "PageText",
    "Problem",
    "Receipt",
  ]);
  expect(document.components.schemas["PageText"]).toMatchObject({
    type: "object",
    properties: { pages: { type: "array" } },
  });
});

test("a gateway with keys says so", async () => {
  const { document } = await describeGateway([oneStep("shout", "demo.shout")]);
  expect(document).toMatchObject({ security: [{}] });
});
