import type { Json } from "../../util/json.ts";

/** State of a whole run between two items: everything needed to go on as if nothing had happened. */
export interface Checkpoint {
  /** Items taken from the stream inputs so far, all of them together. */
  readonly itemsTaken: number;
  /** Items taken from each stream input, by its name. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Items the output has yielded so far; the next one has this index. */
  readonly itemsYielded: number;
  /** State by step path and key. */
  readonly state: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  /** Items on their way to a step that has not read them yet, by step path and port: `"join left"`. */
  readonly edges: Readonly<Record<string, readonly { readonly value: Json; readonly lineage: readonly string[] }[]>>;
  /** Paths of steps that made a stream of a stream and had come to its end. */
  readonly ended: readonly string[];
  readonly planHash: string;
}

/** Where checkpoints live. `save` must be atomic and durable when it resolves. */
export interface CheckpointStore {
  load(key: string): Promise<Checkpoint | undefined>;
  save(key: string, checkpoint: Checkpoint): Promise<void>;
}
