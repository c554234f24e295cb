import type { Receipt } from "@stargate/kernel";
import type { WrittenAnswer } from "../runs/write-answer.ts";
import type { RunOrder } from "../runs/run-order.ts";
import type { Problem } from "../http/problem.ts";
import type { JobDescription } from "./describe-job.ts";
import type { ListJobs } from "./job-store.ts";

/** A request that is to become a job. */
export interface JobRequest {
  readonly tenant: string;
  readonly order: RunOrder;
  /** Told of the end; the operator's address when absent. */
  readonly webhookUrl?: string | undefined;
  /** Of a request with an `Idempotency-Key`: asked for again, it gets the job it has made. */
  readonly key?: { readonly owner: string; readonly fingerprint: string } | undefined;
}

/** What `GET /v1/jobs/{id}/result` answers: what the request would have been answered, had it waited. */
export type JobResult =
  | { readonly kind: "answer"; readonly answer: WrittenAnswer; readonly receiptId: string | undefined }
  | { readonly kind: "problem"; readonly problem: Problem };

/** Where a list of jobs begins, and which. */
export interface JobsQuery extends Pick<ListJobs, "state" | "limit"> {
  /** Id of a job: only those that came before it. */
  readonly before?: string | undefined;
}

/** Asynchronous jobs of a gateway. Tenants see their own only. Descriptions of jobs are what clients get. */
export interface Jobs {
  /** Goes on with the jobs that an earlier process has left. */
  start(): Promise<void>;
  /**
   * Takes a job; when this resolves it is safe on disk. Throws SG_JOB_QUEUE_FULL, SG_JOB_DISK_FULL, SG_JOB_WEBHOOK,
   * SG_JOB_ELSEWHERE, SG_JOB_STORE, SG_IDEMPOTENCY_REUSED.
   */
  accept(request: JobRequest): Promise<JobDescription>;
  /** The newest first. Throws SG_JOB_UNKNOWN for a `before` that is none. */
  list(tenant: string, query: JobsQuery): Promise<readonly JobDescription[]>;
  /** Throws SG_JOB_UNKNOWN. */
  show(tenant: string, id: string): Promise<JobDescription>;
  /** Ends a job that has not ended; one that has stays as it is. Throws SG_JOB_UNKNOWN. */
  cancel(tenant: string, id: string): Promise<JobDescription>;
  /**
   * The result, in the form that the request asked for or in the one of `accept`. Throws SG_JOB_UNKNOWN,
   * SG_JOB_UNFINISHED, SG_JOB_CANCELLED, SG_JOB_RESULT_GONE, SG_JOB_RESULT_FORM, SG_OUTPUT_NOT_ACCEPTABLE.
   */
  result(tenant: string, id: string, accept: string | undefined, signal: AbortSignal): Promise<JobResult>;
  /** Receipt of a job, also after a restart. */
  receipt(tenant: string, receiptId: string): Promise<Receipt | undefined>;
  /** Jobs that wait and jobs that run. */
  counts(): { readonly queued: number; readonly running: number };
  /** Begins no more jobs; those that run longer than `drainMs` are put back and begun again by the next process. */
  stop(options: { readonly drainMs: number }): Promise<void>;
}
