import type { TaskFunction } from "@stargate/kernel";
import { computeLogMel, type LogMel } from "./log-mel.ts";

export interface LogMelInput {
  readonly samples: Float32Array<ArrayBuffer>;
  readonly mels: number;
}

/** Runs in a worker: a minute of sound takes 30 ms. */
export const logMelTask: TaskFunction<LogMelInput, LogMel> = ({ samples, mels }) => computeLogMel(samples, mels);
