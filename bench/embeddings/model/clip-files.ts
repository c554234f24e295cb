import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textGraph, visionGraph } from "./clip-graphs.ts";
import type { Precision } from "./graph-builder.ts";
import { onnxFile, type OnnxGraph } from "./onnx-file.ts";

export interface ClipFile {
  readonly path: string;
  readonly sha256: string;
}

/** The two towers of one precision. */
export interface ClipFiles {
  readonly vision: ClipFile;
  readonly text: ClipFile;
}

/** Kept between runs: 750 MB in all. A change of the graphs needs a new name. */
const folder = join(tmpdir(), "stargate-bench-clip-1");

/** A pair of models shaped like CLIP ViT-B/32 with random weights. */
export async function clipFiles(precision: Precision, note: (message: string) => void): Promise<ClipFiles> {
  await mkdir(folder, { recursive: true });
  return {
    vision: await writeOnce(`vision-${precision}.onnx`, () => visionGraph(precision), note),
    text: await writeOnce(`text-${precision}.onnx`, () => textGraph(precision), note),
  };
}

async function writeOnce(name: string, graph: () => OnnxGraph, note: (message: string) => void): Promise<ClipFile> {
  const path = join(folder, name);
  const known = await readFile(`${path}.sha256`, "utf8").catch(() => undefined); // written last
  if (known !== undefined) return { path, sha256: known };
  note(`writing ${path}`);
  const unfinished = `${path}.${randomUUID()}`;
  const hash = createHash("sha256");
  await using file = await open(unfinished, "w");
  for (const part of onnxFile(graph())) {
    hash.update(part);
    await file.writeFile(part);
  }
  await rename(unfinished, path);
  const sha256 = hash.digest("hex");
  await writeFile(`${path}.sha256`, sha256);
  return { path, sha256 };
}
