import { createErrorFactory, isStargateError, kernelErrors, type ErrorCatalog } from "@stargate/kernel";

/** Every error pools add to those of the kernel. Codes are never reused. */
export const poolErrors = {
  SG_COMPUTE_POISONED: {
    title: "Input ends model hosts",
    meaning:
      "Each of three model hosts that were given this input ended during the run, so it is not run any more. The details carry the digest of the input.",
    solution: "Look at what is unusual about the input; report it with the model's name to whoever made the model.",
    status: 422,
    retryable: false,
    public: true,
  },
} as const satisfies ErrorCatalog;

/** Makes an error of the pools' catalogue or of the kernel's (SG_COMPUTE_OVERLOADED and the like). */
export const fail = createErrorFactory({ ...kernelErrors, ...poolErrors });

/** Whether a device or a host had too little memory. */
export function isOutOfMemory(error: unknown): boolean {
  return isStargateError(error) && error.code === "SG_COMPUTE_MEMORY";
}

export function isHostLost(error: unknown): boolean {
  return isStargateError(error) && error.code === "SG_COMPUTE_HOST_LOST";
}
