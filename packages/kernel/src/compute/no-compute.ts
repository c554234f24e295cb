import type { ComputePlane, ModelCall } from "../contract/compute-plane.ts";
import { fail } from "../errors/catalog.ts";

const refuse = (model: string) =>
  Promise.reject(
    fail("SG_COMPUTE_UNAVAILABLE", `This host runs no models: "${model}"`, {
      hint: "Pass a host with a compute plane, as docs/embed.md shows.",
    }),
  );

/** The compute plane of a host without one: every model is refused with SG_COMPUTE_UNAVAILABLE. */
export const noCompute: ComputePlane = Object.freeze({ run: ({ model }: ModelCall) => refuse(model), assets: refuse });
