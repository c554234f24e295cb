import type { JsonObject } from "@stargate/kernel";
import { hasEnded, type Job } from "./job.ts";
import type { LiveJob } from "./job-queue.ts";

/** What clients get to see of a job. */
export interface JobDescription extends JsonObject {
  readonly id: string;
}

/** A job as clients see it: `GET /v1/jobs/{id}`, and the body of webhooks. */
export function describeJob(job: Job, live: LiveJob | undefined, keepMs: number): JobDescription {
  const { id, state, attempts, order, outcome, webhook } = job;
  const path = `/v1/jobs/${id}`;
  return {
    id,
    state,
    pipeline: order.head.pipeline === "" ? null : order.head.pipeline,
    name: order.head.filename ?? null,
    createdAt: timeOf(job.createdMs),
    startedAt: timeOf(job.startedMs),
    endedAt: timeOf(job.endedMs),
    expiresAt: timeOf(job.endedMs === undefined ? undefined : job.endedMs + keepMs),
    attempts,
    progress: (live?.progress ?? outcome.progress ?? null) as JsonObject | null,
    partialResults: live?.partialResults ?? outcome.partialResults,
    receipt: job.receiptId ?? null,
    problem: (outcome.problem ?? null) as JsonObject | null, // a problem is JSON; `details` came through JSON
    result: state === "succeeded" && outcome.answer !== undefined ? `${path}/result` : null,
    webhook:
      webhook === undefined
        ? null
        : {
            url: webhook.url,
            state: hasEnded(job) ? webhook.state : "waiting",
            attempts: webhook.attempts,
            message: webhook.message ?? null,
          },
  };
}

function timeOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
