import type { TaskFunction } from "@stargate/kernel";
import { type Groups, mergeSimilar, type MergeLimit } from "./merge-similar.ts";

export interface MergeInput {
  readonly groups: Groups;
  readonly limit: MergeLimit;
}

/** Runs in a worker: 1,000 embeddings of 256 values take a quarter of a second. */
export const mergeTask: TaskFunction<MergeInput, Int32Array<ArrayBuffer>> = ({ groups, limit }) =>
  mergeSimilar(groups, limit);
