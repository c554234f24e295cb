import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ModelOnDisk, writeModelOnce } from "./model-on-disk.ts";
import { textGraph, visionGraph } from "./clip-graphs.ts";
import type { Precision } from "./graph-builder.ts";

/** The two towers of one precision. */
export interface ClipFiles {
  readonly vision: ModelOnDisk;
  readonly text: ModelOnDisk;
}

/** Kept between runs: 750 MB in all. A change of the graphs needs a new name. */
const folder = join(tmpdir(), "stargate-bench-clip-1");

/** A pair of models shaped like CLIP ViT-B/32 with random weights. */
export async function clipFiles(precision: Precision, note: (message: string) => void): Promise<ClipFiles> {
  return {
    vision: await writeModelOnce(join(folder, `vision-${precision}.onnx`), () => visionGraph(precision), note),
    text: await writeModelOnce(join(folder, `text-${precision}.onnx`), () => textGraph(precision), note),
  };
}
