import { fail } from "../../errors/catalog.ts";
import { isStargateError } from "../../errors/stargate-error.ts";

/** Runs a look-up of a name. Its error gets in front where the name stands, and the path of the step in `details.step`. */
export function located<T>(place: string, path: string, lookUp: () => T): T {
  try {
    return lookUp();
  } catch (error) {
    if (!isStargateError(error) || error.code !== "SG_REGISTRY_UNKNOWN") throw error;
    throw fail("SG_REGISTRY_UNKNOWN", `${place}: ${error.message}`, {
      hint: error.hint,
      cause: error,
      details: { ...error.details, step: path },
    });
  }
}
