import type { RedactOptions, SensitiveKind } from "../redact-options.ts";
import { atomsOf } from "./atoms.ts";
import { digitRuns } from "./digit-groups.ts";
import { findEmails, findIps, findSpokenEmails, findUrls } from "./find-addresses.ts";
import { findCards, findIbans, findPhones } from "./find-numbers.ts";
import { findWords } from "./find-words.ts";
import { type Finding, joinFindings } from "./finding.ts";
import { profanity } from "./profanity.ts";

/**
 * What is to be replaced in a text, in order. Time grows with the length of the text alone. Numbers that are part of an
 * address or an account are that, not telephones.
 */
export function findSensitive(
  text: string,
  { kinds, words }: Pick<RedactOptions, "kinds" | "words">,
): readonly Finding[] {
  const atoms = atomsOf(text);
  const runs = digitRuns(text, atoms);
  const wanted = new Set<SensitiveKind>(kinds);
  const finders: readonly (readonly [SensitiveKind, () => readonly Finding[]])[] = [
    ["word", () => findWords(text, atoms, { kind: "word", patterns: words })],
    ["url", () => findUrls(text)],
    ["email", () => [...findEmails(text), ...findSpokenEmails(atoms)]],
    ["iban", () => findIbans(text, atoms)],
    ["ip", () => findIps(text)],
    ["card", () => findCards(runs)],
    ["phone", () => findPhones(text, runs)],
    ["profanity", () => findWords(text, atoms, { kind: "profanity", patterns: profanity })],
  ];
  return joinFindings(finders.flatMap(([kind, find]) => (kind === "word" || wanted.has(kind) ? find() : [])));
}
