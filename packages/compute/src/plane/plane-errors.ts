import { createErrorFactory, type ErrorCatalog, kernelErrors } from "@stargate/kernel";

/** Errors of the compute plane itself, beside those of the kernel. Codes are never reused. */
export const planeErrors = {
  SG_COMPUTE_POOL_CONFIG: {
    title: "Pool cannot be opened",
    meaning: "The configuration names a pool on a backend that no open adapter brings.",
    solution: "Open the adapter of the backend, or correct its name in compute.pools.",
    status: 500,
    retryable: false,
    public: false,
  },
} as const satisfies ErrorCatalog;

export const fail = createErrorFactory({ ...kernelErrors, ...planeErrors });
