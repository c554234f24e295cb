import type { Embedding, Json, JsonObject, Receipt } from "@stargate/kernel";
import type { ItemOutcome } from "../../embeddings/embed-batch.ts";
import type { Problem } from "../problem.ts";
import { shortestOf } from "./float32-number.ts";

export interface EmbeddingAnswerFacts {
  readonly model: string;
  readonly format: "float" | "base64";
  readonly outcomes: readonly ItemOutcome[];
  /** Of all items together, where it was asked for. */
  readonly combined: Embedding | undefined;
  /** Why items failed, by index. */
  readonly problems: ReadonlyMap<number, Problem>;
  readonly receipt: Receipt;
}

/** OpenAI's list of embeddings, with `combined`, `errors` and `receipt` beside its own members. */
export function embeddingAnswer({
  model,
  format,
  outcomes,
  combined,
  problems,
  receipt,
}: EmbeddingAnswerFacts): JsonObject {
  const write = ({ vector }: Embedding): Json => (format === "base64" ? base64Of(vector) : numbersOf(vector));
  const data = outcomes.flatMap(({ embedding, parts }, index): JsonObject[] => {
    if (embedding === undefined) return [];
    const written = parts && Object.fromEntries(Object.entries(parts).map(([kind, part]) => [kind, write(part)]));
    return [
      { object: "embedding", index, embedding: write(embedding), ...(written !== undefined && { parts: written }) },
    ];
  });
  const tokens = receipt.meter.reduce((sum, { unit, quantity }) => (unit === "token" ? sum + quantity : sum), 0);
  return {
    object: "list",
    data,
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
    ...(combined !== undefined && {
      combined: { object: "embedding", embedding: write(combined), items: data.length },
    }),
    ...(problems.size > 0 && { errors: itemErrors(problems) }),
    receipt: receipt.id,
  };
}

/** What went wrong with single items, for the answer and for a refusal of all. */
export function itemErrors(problems: ReadonlyMap<number, Problem>): JsonObject[] {
  return [...problems].map(([index, { code, detail, hint, retryable }]) => {
    return { index, code, message: detail, hint, retryable };
  });
}

function numbersOf(vector: Float32Array): number[] {
  const numbers: number[] = [];
  for (const value of vector) numbers.push(shortestOf(value));
  return numbers;
}

/** Little-endian float32, whatever the machine's own order is. */
function base64Of(vector: Float32Array): string {
  const bytes = Buffer.allocUnsafe(vector.length * Float32Array.BYTES_PER_ELEMENT);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * Float32Array.BYTES_PER_ELEMENT);
  return bytes.toString("base64");
}
