import type { JsonObject } from "@stargate/kernel";
import { jobStates } from "../../jobs/job.ts";
import { reference } from "./json-schema.ts";
import { answerHeaders, jsonResponse, problemResponses, queryParameter } from "./parts.ts";

const tags = ["Jobs"];
const text: JsonObject = { type: "string" };
const textOrNull: JsonObject = { type: ["string", "null"] };
const count: JsonObject = { type: "integer", minimum: 0 };
const time: JsonObject = { type: ["string", "null"], format: "date-time" };

/** A request with `Prefer: respond-async` as `describeJob` tells of it. */
export const jobSchema: JsonObject = {
  type: "object",
  required: ["id", "state", "createdAt", "attempts", "progress", "partialResults", "receipt", "problem", "result"],
  properties: {
    id: text,
    state: { enum: jobStates },
    pipeline: { ...textOrNull, description: "Null where the gate finds the way." },
    name: { ...textOrNull, description: "File name of the input." },
    createdAt: time,
    startedAt: time,
    endedAt: time,
    expiresAt: { ...time, description: "When it is forgotten, result included." },
    attempts: { ...count, description: "Times it was begun." },
    progress: {
      description: "How far it is, in the measure of what the step reads: seconds, pages.",
      anyOf: [
        {
          type: "object",
          required: ["step", "measure", "done", "of"],
          properties: { step: text, measure: text, done: { type: "number" }, of: { type: ["number", "null"] } },
        },
        { type: "null" },
      ],
    },
    partialResults: { ...count, description: "Partial results it has told so far: segments, pages." },
    receipt: { ...textOrNull, description: "Id of the receipt, for GET /v1/receipts/{id}." },
    problem: { description: "Why it failed.", anyOf: [reference("Problem"), { type: "null" }] },
    result: { ...textOrNull, description: "Where the result is, once there is one." },
    webhook: {
      anyOf: [
        {
          type: "object",
          properties: {
            url: text,
            state: { enum: ["waiting", "pending", "delivered", "refused"] },
            attempts: count,
            message: textOrNull,
          },
        },
        { type: "null" },
      ],
    },
  },
};

const id: JsonObject = { name: "id", in: "path", required: true, description: "Id of the job.", schema: text };
const job = jsonResponse("The job.", reference("Job"));

/** Operations of asynchronous jobs. */
export const jobPaths: JsonObject = {
  "/v1/jobs": {
    get: {
      operationId: "listJobs",
      tags,
      summary: "Your jobs, the newest first",
      parameters: [
        queryParameter("state", "Only jobs in this state.", false, { enum: jobStates }),
        queryParameter("limit", "How many at most.", false, {
          type: "integer",
          minimum: 1,
          maximum: 1000,
          default: 100,
        }),
        queryParameter("before", "Id of a job: only those that came before it.", false, text),
      ],
      responses: {
        "200": jsonResponse("The jobs.", {
          type: "object",
          required: ["jobs"],
          properties: { jobs: { type: "array", items: reference("Job") } },
        }),
        ...problemResponses,
      },
    },
  },
  "/v1/jobs/{id}": {
    get: {
      operationId: "showJob",
      tags,
      summary: "How far a job is",
      parameters: [id],
      responses: { "200": job, ...problemResponses },
    },
    delete: {
      operationId: "cancelJob",
      tags,
      summary: "Cancel a job",
      description: "A job that has ended stays as it is.",
      parameters: [id],
      responses: { "200": job, ...problemResponses },
    },
  },
  "/v1/jobs/{id}/result": {
    get: {
      operationId: "showJobResult",
      tags,
      summary: "What the request would have been answered, had it waited",
      description: "`Accept` asks for another form than the request did. A job that failed gives its problem.",
      parameters: [id],
      responses: {
        "200": {
          description: "The answer.",
          headers: answerHeaders,
          content: { "*/*": { schema: { type: "string", format: "binary" } } },
        },
        ...problemResponses,
      },
    },
  },
};
