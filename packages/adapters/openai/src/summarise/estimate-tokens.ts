/** Bytes of UTF-8 per token, low: English has 4, German 3.5, Chinese 3 (one character). */
const BYTES_PER_TOKEN = 3;

/** About how many tokens a text has, rather too many than too few: no two models count alike. */
export function estimateTokens(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xe000 ? 2 : 3; // a surrogate is half of 4
  }
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** The beginning of a text that has about so many tokens, without cutting a character. */
export function firstTokens(text: string, tokens: number): string {
  if (estimateTokens(text) <= tokens) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (estimateTokens(text.slice(0, middle)) <= tokens) low = middle;
    else high = middle - 1;
  }
  const last = text.charCodeAt(low - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? low - 1 : low);
}
