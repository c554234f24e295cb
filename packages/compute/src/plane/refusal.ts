import { fail, type ModelSpec, type StargateError } from "@stargate/kernel";
import type { Decision, RefusalReason } from "../route/types/decision.ts";
import { noVariantHere } from "../store/refusals.ts";

/** What keeps an arm from being used when its files are not there, or would if they were. */
const withoutFiles: readonly RefusalReason[] = ["absent", "capability"];

/**
 * The error of a call that no arm may take: what the router says, with the reason for each arm. Where nothing but the
 * model's files is missing, that is all it says, with the command that brings them.
 */
export function refusalError(
  spec: Pick<ModelSpec, "id" | "variants">,
  decision: Extract<Decision, { readonly arm?: undefined }>,
): StargateError {
  const { code, message, retryAfterMs } = decision.refusal;
  const refusals = decision.candidates.map(({ refused }) => refused?.reason);
  if (refusals.includes("absent") && refusals.every((reason) => reason !== undefined && withoutFiles.includes(reason)))
    return noVariantHere(spec);
  const reasons = decision.candidates.flatMap(({ arm, refused }) =>
    refused === undefined ? [] : [{ arm, reason: refused.reason, text: refused.text }],
  );
  return fail(code, `Model "${spec.id}": ${message}`, {
    details: {
      model: spec.id,
      decision: decision.id,
      reasons,
      ...(retryAfterMs !== undefined && { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }),
    },
  });
}
