import { fail } from "../../errors/catalog.ts";
import { isStargateError } from "../../errors/stargate-error.ts";
import { ownerOf, pathOf, type CompileContext } from "./compile-context.ts";

/** Runs a look-up of a name and adds to its error where the name stands. */
export function located<T>(context: CompileContext, place: string, lookUp: () => T): T {
  try {
    return lookUp();
  } catch (error) {
    if (!isStargateError(error) || error.code !== "SG_REGISTRY_UNKNOWN") throw error;
    const where = context.prefix === "" || place.includes("step") ? place : `${place} of ${ownerOf(context)}`;
    throw fail("SG_REGISTRY_UNKNOWN", `${where}: ${error.message}`, {
      hint: error.hint,
      cause: error,
      details: { ...error.details, step: pathOf(context) },
    });
  }
}
