import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createContext, Script } from "node:vm";
import { gzipSync } from "node:zlib";
import { rolldown, type OutputChunk } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Goal for a program that embeds the kernel, minified and gzipped, without zod. */
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
  const { code, imports } = await bundle("program.js");
  expect(imports).toEqual([]);
  const globals = {
    Blob,
    Response,
    ReadableStream,
    TextEncoder,
    TextDecoder,
    AbortController,
    AbortSignal,
    DOMException,
    URL,
    crypto,
    performance,
    structuredClone,
    queueMicrotask,
    setTimeout,
    clearTimeout,
    Uint8Array,
    console,
  };
  const context = createContext({ ...globals });
  await (new Script(`(async () => {${code.replace(/export\s*\{\s*\};?/g, "")}})()`).runInContext(
    context,
  ) as Promise<void>);
  expect(JSON.parse(JSON.stringify(context["answer"]))).toEqual({
    value: "HELLO FROM A WORKER",
    coverage: [{ measure: "character", done: 19, of: 19 }],
  });
});

test("is small: minified and gzipped, without zod", async () => {
  const program = await kilobytesOf("program.js");
  const everything = await kilobytesOf("entry.js");
  process.stdout.write(
    `@stargate/kernel, minified and gzipped, without zod: ${program.first.toFixed(1)} kB before a program that opens a gate can run a pipeline (goal <= ${maxKilobytes} kB), ${everything.all.toFixed(1)} kB for all that it exports\n`,
  );
  expect(program.first).toBeLessThanOrEqual(maxKilobytes);
});

test("would notice an import of a Node module", async () => {
  await writeFile(
    join(folder, "seeded.js"),
    'import { readFileSync } from "node:fs"; globalThis.answer = readFileSync;',
  );
  expect((await bundle("seeded.js")).imports).toEqual(["node:fs"]);
});

/** Sizes minified and gzipped: what is loaded first, and that with what is loaded when it is asked for. */
async function kilobytesOf(entry: string): Promise<{ readonly first: number; readonly all: number }> {
  const chunks = await build(entry, { external: ["zod"], split: true });
  const first = loadedFirst(chunks);
  const kilobytes = (parts: readonly OutputChunk[]) => gzipSync(parts.map(({ code }) => code).join("\n")).length / 1000;
  return { first: kilobytes(first), all: kilobytes(chunks) };
}

/** The entry and everything it imports at once. */
function loadedFirst(chunks: readonly OutputChunk[]): readonly OutputChunk[] {
  const loaded = new Set(chunks.filter(({ isEntry }) => isEntry));
  for (const { imports } of loaded) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) loaded.add(chunk);
  }
  return [...loaded];
}

/** One file with everything in it, and what it still imports. */
async function bundle(entry: string): Promise<{ code: string; imports: readonly string[] }> {
  const [chunk] = await build(entry, { external: [], split: false });
  return { code: chunk?.code ?? "", imports: chunk?.imports ?? [] };
}

interface BuildOptions {
  readonly external: readonly string[];
  readonly split: boolean;
}

async function build(entry: string, { external, split }: BuildOptions): Promise<readonly OutputChunk[]> {
  await using bundler = await rolldown({
    input: join(folder, entry),
    platform: "browser",
    external: [...external, /^node:/],
    resolve: { conditionNames: ["@stargate/source", "module", "browser", "import", "default"] },
    logLevel: "silent",
  });
  const { output } = await bundler.generate({ format: "esm", minify: true, codeSplitting: split });
  return output.filter((part) => part.type === "chunk");
}
