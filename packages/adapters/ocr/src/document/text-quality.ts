/** Below this share of readable characters a text layer is worth nothing. */
const MIN_READABLE = 0.7;

/** A page with a picture all over it and fewer characters than this is a scan with a stamp. */
const FEW_CHARACTERS = 40;

/** Private use, replacement and control characters: what a font without a character map gives. */
const unreadable = /[\p{Co}\p{Cc}\uFFFD]/u;

/** What a page's text layer is worth. */
export type TextQuality = "none" | "garbage" | "few" | "good";

/** Judges the characters of a text layer, white space left out. */
export function judgeText(text: string): TextQuality {
  const characters = text.replace(/\s/g, "");
  if (characters.length === 0) return "none";
  let bad = 0;
  for (const character of characters) if (unreadable.test(character)) bad += 1;
  if (1 - bad / characters.length < MIN_READABLE) return "garbage";
  return characters.length < FEW_CHARACTERS ? "few" : "good";
}
