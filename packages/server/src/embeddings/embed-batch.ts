import {
  combineEmbeddings,
  createEmbedding,
  type Embedding,
  type Gate,
  type Receipt,
  type RunOptions,
} from "@stargate/kernel";
import { fail } from "../errors/embedding-errors.ts";
import type { EmbeddingModel } from "./embedding-models.ts";

/** Items worked on at once: enough to fill the batches of the compute plane, few enough to hold in memory. */
const itemsInFlight = 64;

/** What an item is made of, by modality; a picture with its caption has two parts. Read when its turn has come. */
export type ItemParts = Readonly<Record<string, () => string | Blob | Promise<string | Blob>>>;

/** What became of one item. */
export interface ItemOutcome {
  /** Of its parts: one, or several made into one. Absent when it failed. */
  readonly embedding?: Embedding;
  /** Of each part, where there are several. */
  readonly parts?: Readonly<Record<string, Embedding>>;
  readonly error?: unknown;
  /** Of the runs that succeeded. */
  readonly receipts: readonly Receipt[];
}

export interface EmbedBatchOptions {
  readonly gate: Gate;
  readonly model: EmbeddingModel;
  /** Keeps the first so many values of every vector and makes its length 1 again. */
  readonly dimensions: number | undefined;
  /** Options of one run: the policy, on whose behalf, who listens. */
  readonly run: Omit<RunOptions, "as" | "name">;
}

/**
 * Embeds items side by side, each part in a run of its own, so that the compute plane can batch them and a bad one
 * fails alone. Outcomes are in the order of the items. An item that is an error already stays one.
 */
export async function embedBatch(
  items: readonly (ItemParts | Error)[],
  options: EmbedBatchOptions,
): Promise<readonly ItemOutcome[]> {
  const outcomes: ItemOutcome[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) outcomes[index] = await embedItem(item, options);
  };
  await Promise.all(Array.from({ length: Math.min(itemsInFlight, items.length) }, work));
  return outcomes;
}

async function embedItem(item: ItemParts | Error, options: EmbedBatchOptions): Promise<ItemOutcome> {
  if (item instanceof Error) return { error: item, receipts: [] };
  const kinds = Object.keys(item);
  const settled = await Promise.allSettled(kinds.map((kind) => embedPart(kind, item, options)));
  const done = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const receipts = done.map(({ receipt }) => receipt);
  const failed = settled.find((one) => one.status === "rejected");
  if (failed !== undefined) return { error: failed.reason, receipts };
  const embeddings = done.map((one) => one.embedding);
  const [first] = embeddings;
  if (first !== undefined && embeddings.length === 1) return { embedding: first, receipts };
  try {
    const parts = Object.fromEntries(done.map((one) => [one.kind, one.embedding]));
    return { embedding: combineEmbeddings(embeddings), parts, receipts };
  } catch (error) {
    return { error, receipts };
  }
}

async function embedPart(kind: string, item: ItemParts, { gate, model, dimensions, run }: EmbedBatchOptions) {
  const pipeline = model.pipelines.get(kind);
  if (pipeline === undefined)
    throw fail(
      "SG_EMBEDDING_KIND",
      `Model "${model.name}" embeds ${[...model.pipelines.keys()].join(" and ")}, not ${kind}`,
    );
  const { value, receipt } = await gate.run((await item[kind]?.()) ?? "", { pipeline }, run);
  const whole = value as Embedding; // the pipeline's output is an embedding
  const embedding = dimensions === undefined ? whole : createEmbedding({ ...whole, dimensions });
  return { kind, embedding, receipt };
}
