import { evidenceOf, type PlacedWord } from "./placed-words.ts";
import type { Evidence } from "@stargate/kernel";

/** A field of an invoice as the schema wants it. */
export interface FoundField {
  readonly value: string;
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
}

/**
 * Makes a field. Its confidence is that of its worst word, times how sure the way of finding it is.
 * `support` are further words that settled the value (an IBAN that shows the country of an ambiguous date).
 */
export function foundField(
  value: string,
  words: readonly PlacedWord[],
  sureness: number,
  support: readonly PlacedWord[] = [],
): FoundField {
  const worst = Math.min(1, ...words.map((word) => word.confidence));
  return {
    value,
    confidence: roundConfidence(worst * sureness),
    evidence: [...evidenceOf(words), ...evidenceOf(support)],
  };
}

/** A value that arithmetic confirms: half of the doubt is gone. */
export function confirmed(field: FoundField): FoundField {
  return { ...field, confidence: roundConfidence(1 - (1 - field.confidence) / 2) };
}

/** A value that contradicts others: one of them is wrong. */
export function doubted(field: FoundField): FoundField {
  return { ...field, confidence: roundConfidence(field.confidence / 2) };
}

function roundConfidence(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
}
