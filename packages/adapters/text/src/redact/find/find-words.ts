import type { SensitiveKind } from "../redact-options.ts";
import type { Atom } from "./atoms.ts";
import type { Finding } from "./finding.ts";

/** Most characters between two words of a phrase: "MRN - 123". */
const LONGEST_GAP = 3;

/** A phrase as words, in lower case, each with its wildcards. */
type Phrase = readonly string[];

/**
 * Words and phrases, in any case, whole words only. "*" is any letters and digits, "?" one of them, "#" one digit. Phrases
 * are looked up by their first word; those that begin with a wildcard are tried at every word.
 */
export function findWords(
  text: string,
  atoms: readonly Atom[],
  { kind, patterns }: { readonly kind: SensitiveKind; readonly patterns: readonly string[] },
): readonly Finding[] {
  const literal = new Map<string, Phrase[]>();
  const wild: Phrase[] = [];
  for (const pattern of patterns) {
    const phrase = pattern.toLowerCase().match(/[\p{L}\p{M}\p{N}*?#]+/gu) ?? [];
    const [first] = phrase;
    if (first === undefined) continue;
    if (/[*?#]/.test(first)) wild.push(phrase);
    else literal.set(first, [...(literal.get(first) ?? []), phrase]);
  }
  const words = atoms.map((atom) => atom.text.toLowerCase());
  const findings: Finding[] = [];
  for (const [index, atom] of atoms.entries()) {
    for (const phrase of [...(literal.get(words[index] ?? "") ?? []), ...wild]) {
      const last = atoms[index + phrase.length - 1];
      if (last !== undefined && matches(phrase, index)) findings.push({ kind, start: atom.start, end: last.end });
    }
  }
  return findings;

  function matches(phrase: Phrase, first: number): boolean {
    return phrase.every((pattern, offset) => {
      const at = first + offset;
      const gap = offset === 0 ? "" : text.slice(atoms[at - 1]?.end, atoms[at]?.start);
      return gap.length <= LONGEST_GAP && matchesWord(pattern, words[at] ?? "");
    });
  }
}

/** One word against one pattern: at most the product of their lengths, without going back further than the last "*". */
export function matchesWord(pattern: string, word: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let starAt = 0;
  while (at < word.length) {
    const expected = pattern[place];
    if (expected === "*") {
      star = place++;
      starAt = at;
    } else if (expected !== undefined && fits(expected, word[at] ?? "")) {
      place++;
      at++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (pattern[place] === "*") place++;
  return place === pattern.length;
}

function fits(expected: string, character: string): boolean {
  if (expected === "#") return /\p{Nd}/u.test(character);
  return expected === "?" || expected === character;
}
