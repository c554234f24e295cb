import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createContext, Script } from "node:vm";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Goal for the whole kernel, minified and gzipped, without zod. */
const maxKilobytes = 60;

const program = `
import { defineAdapter, defineTransform, openGate, text } from "@stargate/kernel";
const shout = defineTransform({ id: "voice.shout", version: "1.0.0", summary: "Says it louder", from: text, to: text, coverage: "whole", run: (input) => input.toUpperCase() });
const gate = await openGate({ adapters: [defineAdapter({ spec: 1, id: "voice", version: "1.0.0", summary: "Louder", transforms: [shout] })] });
const pipeline = { stargate: 1, name: "loud", inputs: { input: "text" }, steps: [{ kind: "transform", id: "shout", use: "voice.shout", from: "input" }], output: "shout" };
const { value, receipt } = await gate.run(new Blob(["hello from a worker"]), { pipeline });
globalThis.answer = { value, coverage: receipt.coverage };
`;

let folder: string;

beforeAll(async () => {
  // Inside the repository, so that the packages are found.
  folder = await mkdtemp(join(import.meta.dirname, ".bundle-"));
  await writeFile(join(folder, "program.js"), program);
  await writeFile(join(folder, "entry.js"), 'export * from "@stargate/kernel";');
});

afterAll(async () => rm(folder, { recursive: true, force: true }));

test("runs a pipeline where there is nothing but web standards", async () => {
  const { code, imports } = await bundle("program.js", []);
  expect(imports).toEqual([]);
  const globals = { Blob, Response, ReadableStream, TextEncoder, TextDecoder, AbortController, AbortSignal, DOMException, URL, crypto, performance, structuredClone, queueMicrotask, setTimeout, clearTimeout, Uint8Array, console };
  const context = createContext({ ...globals });
  await (new Script(`(async () => {${code.replace(/export\s*\{\s*\};?/g, "")}})()`).runInContext(context) as Promise<void>);
  expect(JSON.parse(JSON.stringify(context["answer"]))).toEqual({ value: "HELLO FROM A WORKER", coverage: [{ measure: "character", done: 19, of: 19 }] });
});

test("is small: minified and gzipped, without zod", async () => {
  const { code } = await bundle("entry.js", ["zod"]);
  const kilobytes = gzipSync(code).length / 1000;
  process.stdout.write(`@stargate/kernel: ${kilobytes.toFixed(1)} kB minified and gzipped, without zod (goal <= ${maxKilobytes} kB)\n`);
  expect(kilobytes).toBeLessThanOrEqual(maxKilobytes);
});

test("would notice an import of a Node module", async () => {
  await writeFile(join(folder, "seeded.js"), 'import { readFileSync } from "node:fs"; globalThis.answer = readFileSync;');
  expect((await bundle("seeded.js", [])).imports).toEqual(["node:fs"]);
});

async function bundle(entry: string, external: readonly string[]): Promise<{ code: string; imports: readonly string[] }> {
  await using build = await rolldown({ input: join(folder, entry), platform: "browser", external: [...external, /^node:/], resolve: { conditionNames: ["@stargate/source", "module", "browser", "import", "default"] }, logLevel: "silent" });
  const { output } = await build.generate({ format: "esm", minify: true });
  const chunks = output.filter((part) => part.type === "chunk");
  return { code: chunks.map(({ code }) => code).join("\n"), imports: chunks.flatMap(({ imports }) => imports).filter((name) => !external.includes(name)) };
}
