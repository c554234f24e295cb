import type { ModelSource } from "@stargate/kernel/backend";
import { fail } from "../onnx-errors.ts";
import { externalDataOf } from "./external-data.ts";

/** Bytes of a model and of the files its weights lie in. */
export interface ModelFiles {
  readonly model: Uint8Array;
  readonly externalData: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/**
 * Reads the files of a model into memory: `file`, or the only one that ends in ".onnx", is the model, those
 * of the others that it refers to are its external data, found by the names the model knows them by. Throws SG_COMPUTE_MODEL, also for a model that refers to
 * files it did not come with.
 */
export async function readModelFiles(source: ModelSource, file: string | undefined): Promise<ModelFiles> {
  const names = Object.keys(source.files);
  const name = file ?? onlyModel(source.id, names);
  const blob = source.files[name];
  if (blob === undefined)
    throw fail("SG_COMPUTE_MODEL", `Model "${source.id}" has no file "${name}"; its files are ${names.join(", ")}`);
  if (blob.size === 0) throw fail("SG_COMPUTE_MODEL", `File "${name}" of model "${source.id}" is empty`);
  const model = await bytesOf(blob);
  const others = names.filter((other) => other !== name);
  const external = externalDataOf(source.id, model, others);
  const used = Object.entries(source.files).filter(([other]) => external.has(other));
  return {
    model,
    externalData: await Promise.all(used.map(async ([path, data]) => ({ path, data: await bytesOf(data) }))),
  };
}

function onlyModel(id: string, names: readonly string[]): string {
  const models = names.length === 1 ? names : names.filter((name) => name.endsWith(".onnx"));
  const [name] = models;
  if (name !== undefined && models.length === 1) return name;
  const found = models.length === 0 ? 'no file that ends in ".onnx"' : `several models: ${models.join(", ")}`;
  throw fail("SG_COMPUTE_MODEL", `Model "${id}" has ${found}`, {
    hint: "Name the model's file in its settings: { file: ... }.",
  });
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}
