/** "Ein- und Ausgang": here the hyphen stands for a left-out word and stays. */
const conjunction = /^(und|oder|bzw\.?|and|or|et|ou|e|y|o|en|of)(?=\s|$)/u;

/**
 * Lines of a paragraph as running text, words divided at line ends put together again: "docu-" + "ment" is "document",
 * "Baden-" + "Württemberg" keeps its hyphen because a capital follows.
 */
export function joinLines(lines: readonly string[]): string {
  let text = "";
  for (const line of lines) {
    if (line !== "") text = text === "" ? line : joinTwo(text, line);
  }
  return text.replaceAll("\u00AD", "");
}

function joinTwo(text: string, next: string): string {
  if (text.endsWith("\u00AD")) return text.slice(0, -1) + next;
  if (!/[\p{L}\p{N}][-\u2010]$/u.test(text) || conjunction.test(next)) return `${text} ${next}`;
  const isDividedWord = /\p{L}[-\u2010]$/u.test(text) && /^\p{Ll}/u.test(next);
  return (isDividedWord ? text.slice(0, -1) : text) + next;
}
