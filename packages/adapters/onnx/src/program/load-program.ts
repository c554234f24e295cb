import {
  isStargateError,
  type LoadedModel,
  type ModelPart,
  type ModelSource,
  throwIfCancelled,
} from "@stargate/kernel/backend";
import { checkInputs } from "../model/signature.ts";
import { fail } from "../onnx-errors.ts";
import type { ProgramSettings } from "../onnx-options.ts";
import type { LoadPart } from "../session/load-part.ts";
import { createSerialRuns } from "../session/serial-runs.ts";
import { importProgram } from "./import-program.ts";
import { programFiles } from "./program-files.ts";

/** Loads every part of a model and its program, which runs on this thread. Throws SG_ONNX_PROGRAM and what `load` throws. */
export async function loadProgram(
  source: ModelSource,
  settings: ProgramSettings,
  load: LoadPart,
): Promise<LoadedModel> {
  const { id } = source;
  const program = await importProgram(source, settings);
  const parts = await loadParts(settings, load);
  const [{ device } = { device: "cpu" }] = Object.values(parts);
  const given = { parts, files: programFiles(source, settings), options: settings.program.options };
  const runs = createSerialRuns();
  let released: Promise<void> | undefined;
  return {
    signature: program.signature,
    device,
    async run(inputs, { signal }) {
      throwIfCancelled(signal);
      if (released !== undefined) throw fail("SG_COMPUTE_CLOSED", `Model "${id}" has been unloaded`);
      checkInputs(id, program.signature, inputs);
      return runs.run(signal, () => program.run(inputs, { ...given, signal }).catch(failureOf(id)));
    },
    unload() {
      released ??= runs.settled().then(() => unloadAll(parts));
      return released;
    },
  };
}

/** One after the other: what the engine needs while it loads is needed once at a time. */
async function loadParts(
  { parts, program, ...session }: ProgramSettings,
  load: LoadPart,
): Promise<Record<string, LoadedModel & ModelPart>> {
  const loaded: Record<string, LoadedModel & ModelPart> = {};
  try {
    for (const [name, file] of Object.entries(parts)) loaded[name] = await load({ ...session, file });
  } catch (error) {
    await unloadAll(loaded);
    throw error;
  }
  return loaded;
}

async function unloadAll(parts: Readonly<Record<string, LoadedModel>>): Promise<void> {
  await Promise.all(Object.values(parts).map((part) => part.unload()));
}

const failureOf =
  (id: string) =>
  (error: unknown): never => {
    if (isStargateError(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw fail("SG_ONNX_PROGRAM_FAILED", `The program of model "${id}" failed: ${why}`, { cause: error });
  };
