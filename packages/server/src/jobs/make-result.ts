import type { Answer } from "@stargate/kernel";
import { performRun, type PerformOptions, type RunGateway } from "../runs/perform-run.ts";
import type { RunOrder } from "../runs/run-order.ts";
import { writeAnswer } from "../runs/write-answer.ts";
import type { Job } from "./job.ts";
import type { JobFiles } from "./job-files.ts";
import type { MadeResult } from "./job-queue.ts";

/** Outputs up to this size are kept beside their written form, so that they can be written in another one later. */
const MAX_VALUE_BYTES = 16 * 2 ** 20;

export interface ResultMaker {
  readonly gateway: RunGateway;
  readonly files: JobFiles;
  readonly maxResultBytes: number;
}

const ANSWER_FILE = "answer";
const VALUE_FILE = "value";

/** Runs a job's order and writes its result into files: in the form the request asked for, and as it is where it can be. */
export function makeResult(
  { gateway, files, maxResultBytes }: ResultMaker,
  job: Job,
  order: RunOrder,
  options: PerformOptions,
): Promise<MadeResult> {
  return performRun(gateway, order, options, async (answer): Promise<MadeResult> => {
    const { body, contentType, headers } = await writeAnswer(gateway.gate, answer, order, options.signal);
    const answerBytes = await files.write(job.id, ANSWER_FILE, body, maxResultBytes);
    const valueBytes = await keepValue(files, job.id, answer);
    return {
      receipt: answer.receipt,
      resultBytes: answerBytes + (valueBytes ?? 0),
      outcome: {
        answer: { file: ANSWER_FILE, contentType, headers },
        ...(valueBytes !== undefined && { value: { file: VALUE_FILE, modality: answer.payload.modality } }),
      },
    };
  });
}

async function keepValue(files: JobFiles, id: string, { payload }: Answer): Promise<number | undefined> {
  const { packValue } = await import("@stargate/compute/results"); // loaded with the first job: a gateway may never have one
  const packed = await packValue(payload.value, MAX_VALUE_BYTES);
  if (packed === undefined) return undefined;
  return files.write(id, VALUE_FILE, new Uint8Array(packed), MAX_VALUE_BYTES);
}
