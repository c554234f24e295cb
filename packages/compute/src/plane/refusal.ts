import { fail, type ModelSpec, type StargateError } from "@stargate/kernel";
import type { Decision } from "../route/types/decision.ts";

/** The error of a call that no arm may take: what the router says, with the reason for each arm. */
export function refusalError(
  spec: Pick<ModelSpec, "id">,
  decision: Extract<Decision, { readonly arm?: undefined }>,
): StargateError {
  const { code, message, retryAfterMs } = decision.refusal;
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
