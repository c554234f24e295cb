import type { JsonObject } from "@stargate/kernel";
import { z } from "zod";
import { feedbackSchema } from "../routes/feedback.ts";
import { reference } from "./json-schema.ts";
import { jsonResponse, problemResponses } from "./parts.ts";

const id: JsonObject = {
  name: "id",
  in: "path",
  required: true,
  description: "Value of the Stargate-Receipt header.",
  schema: { type: "string" },
};

const { $schema: _dialect, ...feedback } = z.toJSONSchema(feedbackSchema, { io: "input" });

/** What can be asked, and said, of an answer that was given. */
export const receiptPaths: JsonObject = {
  "/v1/receipts/{id}": {
    get: {
      operationId: "showReceipt",
      tags: ["Receipts"],
      summary: "How an answer was made, and how complete it is",
      parameters: [id],
      responses: { "200": jsonResponse("The receipt.", reference("Receipt")), ...problemResponses },
    },
  },
  "/v1/receipts/{id}/explain": {
    get: {
      operationId: "explainReceipt",
      tags: ["Receipts"],
      summary: "Why its models ran where they ran",
      parameters: [id],
      responses: {
        "200": jsonResponse("Every routing decision in words, and the record it can be made again from.", {
          type: "object",
          required: ["receipt", "decisions", "notKept"],
          properties: {
            receipt: { type: "string" },
            decisions: { type: "array", items: { type: "object" } },
            notKept: { type: "array", items: { type: "string" } },
          },
        }),
        ...problemResponses,
      },
    },
  },
  "/v1/receipts/{id}/feedback": {
    post: {
      operationId: "giveFeedback",
      tags: ["Receipts"],
      summary: "Say how good the answer was",
      description: "The router learns from it how good each model variant is. An answer is judged once.",
      parameters: [id],
      requestBody: { required: true, content: { "application/json": { schema: feedback as unknown as JsonObject } } },
      responses: {
        "200": jsonResponse("The score, and the model variants it was learned of.", {
          type: "object",
          required: ["score", "learned"],
          properties: { score: { type: "number" }, learned: { type: "array", items: { type: "object" } } },
        }),
        ...problemResponses,
      },
    },
  },
};
