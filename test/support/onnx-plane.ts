import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import onnx from "@stargate/adapter-onnx";
import { type ComputePlane, fail, type JsonObject, type LoadedModel } from "@stargate/kernel";

/** Where a model of a test lies. */
export interface ModelOnDisk {
  /** Path of the ONNX file; absent for a model of which only assets are read. */
  readonly file?: string;
  /** Of a model with a program instead: paths of all its files by name, and its settings. */
  readonly program?: { readonly files: Readonly<Record<string, string>>; readonly settings: JsonObject };
  /** Paths of its assets by name. */
  readonly assets?: Readonly<Record<string, string>>;
}

/**
 * The least there is of a compute plane: real ONNX Runtime on this thread, one model after another, no batching. For
 * tests of what transforms do with a model; what a plane does is the business of @stargate/compute.
 * @example
 * await using plane = createOnnxPlane({ "yolox-nano": { file: sharedFile(context, "models/yolox_nano_416x416.onnx") } });
 */
export function createOnnxPlane(models: Readonly<Record<string, ModelOnDisk>>): ComputePlane & AsyncDisposable {
  const [backend] = onnx().backends;
  const loaded = new Map<string, Promise<LoadedModel>>();
  const entryOf = (model: string): ModelOnDisk => {
    const entry = models[model];
    if (entry === undefined) throw fail("SG_COMPUTE_UNKNOWN_MODEL", `This test has no model "${model}"`);
    return entry;
  };
  const load = async (model: string, signal: AbortSignal): Promise<LoadedModel> => {
    const { file, program } = entryOf(model);
    if (backend !== undefined && program !== undefined) {
      const files = await openAll(program.files);
      return backend.load({ id: model, format: "onnx-program", files, settings: program.settings }, { signal });
    }
    if (backend === undefined || file === undefined)
      throw fail("SG_COMPUTE_UNAVAILABLE", `Model "${model}" of this test has no file`);
    const files = { [basename(file)]: await openAsBlob(file) };
    return backend.load({ id: model, format: "onnx", files }, { signal });
  };
  return {
    async run({ model, inputs, signal }) {
      const loading = loaded.get(model) ?? load(model, signal);
      loaded.set(model, loading);
      loading.catch(() => loaded.delete(model)); // what could not be loaded need not be freed
      const outputs = await (await loading).run(inputs, { signal });
      const use = {
        variant: "fp32",
        digest: null,
        backend: "onnx",
        device: "cpu",
        deviceKind: "cpu",
        pool: "test",
      } as const;
      return { outputs, use: { model, ...use, attempts: 1, hedged: false, batchItems: 1, queueMs: 0, runMs: 0 } };
    },
    async assets(model) {
      return openAll(entryOf(model).assets ?? {});
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...loaded.values()].map(async (model) => (await model).unload()));
      await backend?.close?.();
    },
  };
}

async function openAll(paths: Readonly<Record<string, string>>): Promise<Record<string, Blob>> {
  const files = Object.entries(paths);
  return Object.fromEntries(await Promise.all(files.map(async ([name, path]) => [name, await openAsBlob(path)])));
}
