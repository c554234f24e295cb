import { isStargateError, type RunContext, type Tensor } from "@stargate/kernel";
import { sileroModel } from "./silero-model.ts";
import { CONTEXT_SAMPLES, STATE_VALUES } from "./silero-program.ts";

/** Why speech cannot be looked for; undefined when it can. Loads the model. Throws what is worth another try. */
export async function findVadProblem({
  compute,
  signal,
}: Pick<RunContext, "compute" | "signal">): Promise<string | undefined> {
  const zeros = (shape: readonly number[], length: number): Tensor => ({
    dtype: "float32",
    shape,
    data: new Float32Array(length),
  });
  const inputs = {
    samples: zeros([0], 0),
    state: zeros([2, 1, 128], STATE_VALUES),
    context: zeros([CONTEXT_SAMPLES], CONTEXT_SAMPLES),
  };
  try {
    await compute.run(sileroModel.id, inputs, { signal });
    return undefined;
  } catch (error) {
    if (!isStargateError(error)) throw error;
    // A host without a compute plane has none a moment later, either.
    if ((error.retryable && error.code !== "SG_COMPUTE_UNAVAILABLE") || error.code.startsWith("SG_RUN_")) throw error;
    return `${error.message}. ${error.hint}`;
  }
}
