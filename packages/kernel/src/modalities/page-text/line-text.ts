import type { PageTextLine } from "./page-text-schema.ts";

/** Scripts written without spaces between words: an engine's word boundaries are no spaces there. */
const unspaced = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]/u;

/** Line breaks, tabs and page breaks would be read as structure by every text format. */
export function wordText(text: string): string {
  return text
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, " ")
    .replace(/\p{Cc}/gu, "")
    .trim();
}

/** Words of a line as one string: single spaces, none between ideographs, blank words left out. */
export function lineText(line: Pick<PageTextLine, "words">): string {
  let text = "";
  for (const word of line.words) {
    const next = wordText(word.text);
    if (next === "") continue;
    text += text === "" || bothUnspaced(text, next) ? next : ` ${next}`;
  }
  return text;
}

function bothUnspaced(left: string, right: string): boolean {
  return unspaced.test(left.at(-1) ?? "") && unspaced.test(right.at(0) ?? "");
}
