import type { TensorMap } from "@stargate/kernel/backend";
import type { Engine } from "../native/onnxruntime.ts";
import { openProfiledSession, type ProfiledModel } from "./profiled-session.ts";

/** A model and the inputs of the run to count. */
export interface FlopsQuestion extends ProfiledModel {
  readonly inputs: TensorMap;
}

/**
 * Counts the floating-point operations of one run, from the nodes the engine really runs: a session of its own, with the
 * graph as it was written, is profiled on the CPU once. So loops count as often as they are run, and dynamic sizes are
 * those of these inputs. Blocks the calling thread for a load and a run, and takes as much memory as both.
 * Throws SG_ONNX_PROFILE, and what loading and running throw.
 */
export async function countFlops(engine: Engine, { inputs, ...model }: FlopsQuestion): Promise<number> {
  await using session = await openProfiledSession(engine, model);
  await session.run(inputs);
  return await session.countOperations();
}
