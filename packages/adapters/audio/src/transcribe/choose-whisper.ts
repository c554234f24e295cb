import { isStargateError, type RunContext } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";
import { type HostedWhisper, openHostedWhisper, type SplitWhisper } from "../whisper/hosted-whisper.ts";
import { wordsModelOf } from "../whisper/whisper-models.ts";

/** Not about the model: whoever asks has gone, or has no time left. */
const RUN_CODES: ReadonlySet<string> = new Set(["SG_RUN_CANCELLED", "SG_RUN_DEADLINE"]);

type Place = Pick<RunContext, "compute" | "offload" | "signal"> & { readonly split: SplitWhisper | undefined };

/**
 * Loads the model of a rung; where times of words are wanted, the one beside it that can tell them, if there is one.
 * Throws SG_RUNG_UNAVAILABLE when neither can be run here, and what is worth another try as it is.
 */
export async function chooseWhisper(model: string, words: boolean, place: Place): Promise<HostedWhisper> {
  if (!words) return openOrRefuse(model, place);
  const plain = await openOrRefuse(model, place).catch(unlessMissing);
  if (plain?.hasWords === true) return plain;
  const able = await openOrRefuse(wordsModelOf(model), place).catch(unlessMissing);
  return able ?? plain ?? openOrRefuse(model, place);
}

async function openOrRefuse(model: string, place: Place): Promise<HostedWhisper> {
  try {
    return await openHostedWhisper(model, place);
  } catch (error) {
    if (!isStargateError(error) || RUN_CODES.has(error.code)) throw error;
    // A host without a compute plane has none a moment later, either.
    if (error.retryable && error.code !== "SG_COMPUTE_UNAVAILABLE") throw error;
    // A degradation has no hint of its own, and the command is what whoever reads it needs.
    throw fail("SG_RUNG_UNAVAILABLE", `${error.message}. ${error.hint}`, { cause: error, hint: error.hint });
  }
}

function unlessMissing(error: unknown): undefined {
  if (isStargateError(error) && error.code === "SG_RUNG_UNAVAILABLE") return undefined;
  throw error;
}
