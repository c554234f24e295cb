import { isStargateError, type Gate } from "@stargate/kernel";
import { fail } from "../errors/job-errors.ts";
import { writeAnswer, type WrittenAnswer } from "../runs/write-answer.ts";
import type { Job } from "./job.ts";
import type { JobFiles } from "./job-files.ts";
import type { JobStore } from "./job-store.ts";
import type { JobResult } from "./jobs.ts";

export interface ResultReader {
  readonly gate: Gate;
  readonly store: JobStore;
  readonly files: JobFiles;
}

/** Seconds until asking for a result again makes sense. */
const ASK_AGAIN_SECONDS = 1;

/** What there is to answer for a job: see `Jobs.result`. */
export async function readResult(
  reader: ResultReader,
  job: Job,
  accept: string | undefined,
  signal: AbortSignal,
): Promise<JobResult> {
  if (job.state === "cancelled") throw fail("SG_JOB_CANCELLED", `Job ${job.id} was cancelled`);
  if (job.state === "failed" && job.outcome.problem !== undefined)
    return { kind: "problem", problem: job.outcome.problem };
  if (job.state !== "succeeded")
    throw fail("SG_JOB_UNFINISHED", `Job ${job.id} is ${job.state}`, {
      details: { state: job.state, retryAfterSeconds: ASK_AGAIN_SECONDS },
    });
  const asMade = accept === undefined || accept === "*/*" || accept === job.order.head.accept;
  const answer = asMade ? await keptForm(reader, job) : await otherForm(reader, job, accept, signal);
  return { kind: "answer", answer, receiptId: job.receiptId };
}

/** The form that the request asked for, byte for byte. */
async function keptForm({ files }: ResultReader, { id, outcome }: Job): Promise<WrittenAnswer> {
  const file = outcome.answer && (await files.stream(id, outcome.answer.file));
  if (outcome.answer === undefined || file === undefined)
    throw fail("SG_JOB_RESULT_GONE", `The result of job ${id} has given way to newer ones`);
  const { contentType, headers } = outcome.answer;
  return { body: file.body, contentType, headers: { ...headers, "content-length": String(file.bytes) } };
}

/** Another form, written now from the output itself. */
async function otherForm(reader: ResultReader, job: Job, accept: string, signal: AbortSignal): Promise<WrittenAnswer> {
  const { gate, store, files } = reader;
  const { answer, value } = job.outcome;
  const receipt = store.receipt(job.tenant, job.receiptId ?? "");
  if (answer === undefined || receipt === undefined) return keptForm(reader, job);
  const mediaType = answer.contentType.split(";")[0] ?? "";
  if (value === undefined) {
    if (accept.includes(mediaType)) return keptForm(reader, job);
    throw fail("SG_JOB_RESULT_FORM", `The result of job ${job.id} exists as ${mediaType} only`, {
      details: { available: [mediaType] },
    });
  }
  try {
    const { unpackValue } = await import("@stargate/compute/results");
    const payload = { modality: value.modality, value: unpackValue(await files.read(job.id, value.file)) };
    return await writeAnswer(gate, { payload, receipt }, { accept }, signal);
  } catch (error) {
    if (isStargateError(error)) throw error;
    return keptForm(reader, job); // the file has just given way
  }
}
