import { type ModelPart, type ModelSource, throwIfCancelled, type TensorMap } from "@stargate/kernel/backend";
import { openProfiledSession } from "../flops/profiled-session.ts";
import { readModelFiles } from "../model/model-files.ts";
import type { Engine } from "../native/onnxruntime.ts";
import type { ProgramSettings } from "../onnx-options.ts";
import { importProgram } from "./import-program.ts";
import { programFiles } from "./program-files.ts";

/** A model with a program, and the inputs of the run to count. */
export interface ProgramFlopsQuestion {
  readonly source: ModelSource;
  readonly settings: ProgramSettings;
  readonly inputs: TensorMap;
  readonly signal: AbortSignal;
}

/**
 * Counts the floating-point operations of one run of a program: those of all runs of its parts, however often it runs
 * them for these inputs. Throws as `countFlops` does.
 */
export async function countProgramFlops(
  engine: Engine,
  { source, settings, inputs, signal }: ProgramFlopsQuestion,
): Promise<number> {
  const program = await importProgram(source, settings);
  await using opened = new AsyncDisposableStack();
  const sessions: { readonly countOperations: () => Promise<number> }[] = [];
  const parts: Record<string, ModelPart> = {};
  for (const [name, file] of Object.entries(settings.parts)) {
    throwIfCancelled(signal);
    const files = await readModelFiles(source, file);
    const session = opened.use(await openProfiledSession(engine, { id: source.id, files }));
    sessions.push(session);
    parts[name] = {
      signature: session.signature,
      async run(tensors, options) {
        throwIfCancelled(options.signal);
        return session.run(tensors, options.outputs);
      },
    };
  }
  const { options } = settings.program;
  await program.run(inputs, { parts, files: programFiles(source, settings), options, signal });
  let operations = 0;
  for (const session of sessions) operations += await session.countOperations();
  return operations;
}
