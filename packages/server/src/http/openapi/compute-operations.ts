import type { JsonObject } from "@stargate/kernel";
import { reference } from "./json-schema.ts";
import { jsonResponse, problemResponses } from "./parts.ts";

/** Operations that say what the gateway computes with. */
export const computePaths: JsonObject = {
  "/v1/compute": {
    get: {
      operationId: "showCompute",
      tags: ["Catalogue"],
      summary: "The pools: how busy they are, what they compute, what that takes",
      description: "Counts of the last 10 and 60 seconds and since the start. Energy says how it is known.",
      responses: { "200": jsonResponse("All pools.", reference("ComputeSnapshot")), ...problemResponses },
    },
  },
};
