import { createErrorFactory, kernelErrors } from "@stargate/kernel/backend";
import type { ErrorCatalog, StargateError } from "@stargate/kernel";

/** Every error that model hosts add to those of the kernel. Codes are never reused. */
export const hostErrors = {
  SG_HOST_BACKEND: {
    title: "Backend does not open in a model host",
    meaning:
      "The module that a backend names as its factory cannot be loaded, does not export what it says, or throws when it is called.",
    solution: "Correct the factory of the backend, or install the package that the message names.",
    status: 503,
    retryable: false,
    public: false,
  },
} as const satisfies ErrorCatalog;

/** Makes an error of a model host or of the kernel. */
export const fail = createErrorFactory({ ...kernelErrors, ...hostErrors });

/** Why a host is gone; `details.reason` of SG_COMPUTE_HOST_LOST. */
export type LostReason = "closed" | "exited" | "killed" | "hung" | "memory" | "broken";

/** SG_COMPUTE_HOST_LOST. `output`: what the host said last; it stays in the log, as the cause. */
export function hostLost(
  host: string,
  lost: { readonly reason: LostReason; readonly what: string; readonly output?: readonly string[] },
): StargateError {
  const { reason, what, output = [] } = lost;
  return fail("SG_COMPUTE_HOST_LOST", `Model host ${host} ${what}`, {
    details: { host, reason },
    cause: output.length === 0 ? undefined : output.join("\n"),
  });
}
