import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRegistry } from "@stargate/kernel";
import { compilePipelineYaml, formatPipelineYaml, parsePipelineYaml } from "@stargate/kernel/yaml";
import { describe, expect, test } from "vitest";
import { ROOT } from "../../scripts/setup/paths.mjs";
import { numbersAdapter } from "../../packages/kernel/src/testing/numbers-adapter.ts";

const guide = readFileSync(join(ROOT, "docs/pipelines.md"), "utf8");
const spellings = [...guide.matchAll(/```yaml\n(?<text>.*?)```/gs)].map(({ groups }) => groups?.["text"] ?? "");
const registry = createRegistry([numbersAdapter]);

describe("docs/pipelines.md", () => {
  test("shows pipelines", () => {
    expect(spellings).toHaveLength(2);
  });

  test.each(spellings)("this one compiles, and keeps its plan hash when it is written again:\n%s", (text) => {
    const { planHash } = compilePipelineYaml(text, registry, "docs/pipelines.md");
    expect(compilePipelineYaml(formatPipelineYaml(parsePipelineYaml(text)), registry).planHash).toBe(planHash);
  });

  test("shows the message of a mismatch as it is", () => {
    const text =
      "name: x\ninput: number\nsteps:\n  - { id: stream, use: numbers.split }\n  - { id: plus, use: numbers.add }\n";
    const message = /^desk\.yaml:.*$/m.exec(guide)?.[0];
    expect(() => compilePipelineYaml(text, registry, "desk.yaml")).toThrow(message);
  });
});
