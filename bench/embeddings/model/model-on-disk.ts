import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { onnxFile, type OnnxGraph } from "./onnx-file.ts";

/** An ONNX file a bench has written. */
export interface ModelOnDisk {
  readonly path: string;
  readonly sha256: string;
}

/** Writes a model unless it lies there already. */
export async function writeModelOnce(
  path: string,
  graph: () => OnnxGraph,
  note: (message: string) => void,
): Promise<ModelOnDisk> {
  await mkdir(dirname(path), { recursive: true });
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
