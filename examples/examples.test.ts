import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import ocr from "@stargate/adapter-ocr";
import { createRegistry, defineAdapter, compileGraph, type Graph, type Registry } from "@stargate/kernel";
import { formatPipelineYaml, parsePipelineYaml } from "@stargate/kernel/yaml";
import { describe, expect, test } from "vitest";
import { letters } from "./02-serve/letters.ts";
import { loud, shout } from "./03-own-transform/pipeline.ts";

const run = promisify(execFile);

async function output(example: string): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    ["--conditions=@stargate/source", join(import.meta.dirname, example, "main.ts")],
    { env: { ...process.env, NO_COLOR: "1" } },
  );
  return stdout;
}

describe("examples", () => {
  test("01-embed reads a scan and says how complete it is", async () => {
    const printed = await output("01-embed");
    expect(printed).toContain("12 boxes of oral rehydration salts");
    expect(printed).toContain("measure: 'page', done: 1, of: 1");
  });

  test("02-serve answers with the text of a letter and its coverage", async () => {
    const printed = await output("02-serve");
    expect(printed).toContain("Please send 40 more before the rains begin.");
    expect(printed).toContain("stargate-coverage: page=1/1");
  });

  test("03-own-transform runs a pipeline of the typed builder", async () => {
    expect(await output("03-own-transform")).toBe(
      "STARGATE IS OPEN!?!\nonce: voice.shout@1.0.0, twice: voice.shout@1.0.0\n",
    );
  });

  test("04-own-backend runs on the pool that is asked for, and explains why", async () => {
    const printed = await output("04-own-backend");
    expect(printed).toMatch(/^\{ letters: 11 \} on near\n\{ letters: 18 \} on far\n/);
    expect(printed).toContain('the call is pinned to pool "far"');
    expect(printed).toContain("Replayed from the record: the same, bit by bit");
  });
});

describe("pipelines of the examples", () => {
  const voice = createRegistry([
    defineAdapter({ spec: 1, id: "voice", version: "1.0.0", summary: "Louder", transforms: [shout] }),
  ]);
  const hash = (graph: Graph, registry: Registry) => compileGraph(graph, registry).planHash;

  test("keep their plan hash from the builder through YAML and back", () => {
    const graph = parsePipelineYaml(formatPipelineYaml(loud.graph));
    expect(hash(graph, voice)).toBe(hash(loud.graph, voice));
  });

  test("have one plan hash in YAML and in the builder, there and back again", async () => {
    const registry = createRegistry([ocr()]);
    const text = await readFile(join(import.meta.dirname, "02-serve/pipelines/letters.yaml"), "utf8");
    const written = hash(parsePipelineYaml(text), registry);
    expect(hash(letters.graph, registry)).toBe(written);
    expect(hash(parsePipelineYaml(formatPipelineYaml(letters.graph)), registry)).toBe(written);
  });
});
