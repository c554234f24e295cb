import type { TranscriptWord } from "@stargate/kernel";
import { findSensitive } from "./find/find-sensitive.ts";
import type { Finding } from "./find/finding.ts";
import { findingsWithin, maskText } from "./mask.ts";
import type { RedactOptions } from "./redact-options.ts";

interface Placed {
  readonly word: TranscriptWord;
  readonly start: number;
  readonly end: number;
}

/**
 * Words of a segment whose text is redacted: the words that a finding lies in become one, with its mask, from the start of
 * the first to the end of the last. Words that do not stand in the text are looked through by themselves.
 */
export function redactWords(
  words: readonly TranscriptWord[],
  text: string,
  { findings, options }: { readonly findings: readonly Finding[]; readonly options: RedactOptions },
): readonly TranscriptWord[] {
  const placed = placeWords(words, text);
  if (placed !== undefined) return joinTouched(placed, text, { findings, options });
  const spoken = words.map((word) => word.text).join(" ");
  const own = findSensitive(spoken, options);
  return joinTouched(placeWords(words, spoken) ?? [], spoken, { findings: own, options });
}

function placeWords(words: readonly TranscriptWord[], text: string): readonly Placed[] | undefined {
  const placed: Placed[] = [];
  let end = 0;
  for (const word of words) {
    const start = text.indexOf(word.text, end);
    if (start < 0) return undefined;
    end = start + word.text.length;
    placed.push({ word, start, end });
  }
  return placed;
}

function joinTouched(
  placed: readonly Placed[],
  text: string,
  { findings, options }: { readonly findings: readonly Finding[]; readonly options: RedactOptions },
): readonly TranscriptWord[] {
  const result: TranscriptWord[] = [];
  let next = 0;
  for (let index = 0; index < placed.length; index++) {
    const first = placed[index];
    if (first === undefined) break;
    let last = first;
    let isTouched = false;
    while ((findings[next]?.end ?? Infinity) <= first.start) next++;
    // A word may hold several findings, and a finding several words.
    for (let finding = findings[next]; finding !== undefined && finding.start < last.end; finding = findings[++next]) {
      isTouched = true;
      for (let more = placed[index + 1]; more !== undefined && more.start < finding.end; more = placed[index + 1]) {
        last = more;
        index++;
      }
      if (finding.end > last.end) break;
    }
    if (!isTouched) {
      result.push(first.word);
      continue;
    }
    const [start, end] = [first.start, last.end];
    const masked = maskText(text.slice(start, end), findingsWithin(findings, start, end), options.mask);
    const { probability: _probability, ...word } = first.word; // of another text
    result.push({ ...word, text: masked, endSeconds: last.word.endSeconds });
  }
  return result;
}
