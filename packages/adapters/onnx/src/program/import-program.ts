import type { ModelProgram, ModelSource } from "@stargate/kernel/backend";
import { fail } from "../onnx-errors.ts";
import type { ProgramSettings } from "../onnx-options.ts";

/** Imports the program that the settings of a model name. Throws SG_ONNX_PROGRAM. */
export async function importProgram({ id }: ModelSource, { program }: ProgramSettings): Promise<ModelProgram> {
  const found = (await importModule(id, program.module))[program.export];
  if (!isProgram(found))
    throw fail("SG_ONNX_PROGRAM", `Module ${program.module} of model "${id}" exports no program "${program.export}"`);
  return found;
}

async function importModule(id: string, module: string): Promise<Record<string, unknown>> {
  try {
    return (await import(/* @vite-ignore */ module)) as Record<string, unknown>; // any module; its export is checked next
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw fail("SG_ONNX_PROGRAM", `The program of model "${id}" cannot be loaded: ${why}`, { cause });
  }
}

function isProgram(value: unknown): value is ModelProgram {
  const { signature, run } = (value ?? {}) as { signature?: unknown; run?: unknown }; // looked at, not used
  return typeof signature === "object" && signature !== null && typeof run === "function";
}
