import type { JsonObject } from "@stargate/kernel";
import { jsonResponse, problemResponses } from "./parts.ts";

const tags = ["Services"];

/** Operations of the services that run beside the gateway. */
export const servicePaths: JsonObject = {
  "/v1/services": {
    get: {
      operationId: "listServices",
      tags,
      summary: "The running services and how they are",
      responses: {
        "200": jsonResponse("State, counts and last error of each service.", {
          type: "object",
          required: ["services"],
          properties: { services: { type: "array", items: { type: "object" } } },
        }),
        ...problemResponses,
      },
    },
  },
  "/v1/services/{name}/items": {
    post: {
      operationId: "pushItem",
      tags,
      summary: "Hand an item to a service that is fed over HTTP",
      description: "202 means that the item is safe on disk; the service works on it until its sink has the result.",
      parameters: [
        pathOrHeader("name", "path", "Name of the service.", true),
        pathOrHeader("Idempotency-Key", "header", "Makes it harmless to send the item again.", false),
        pathOrHeader("Stargate-Name", "header", "Name of the item, percent-encoded.", false),
      ],
      requestBody: { required: true, content: { "*/*": { schema: { type: "string", format: "binary" } } } },
      responses: {
        "202": jsonResponse("The item is safe.", {
          type: "object",
          required: ["id"],
          properties: { id: { type: "string" } },
        }),
        ...problemResponses,
      },
    },
  },
};

function pathOrHeader(name: string, where: "path" | "header", description: string, required: boolean): JsonObject {
  return { name, in: where, description, required, schema: { type: "string" } };
}
