import { textHead } from "../text/sniff-text.ts";

/**
 * Text of the first bytes when they begin a JSON object or array: parsed when they are the whole input,
 * judged by their first token otherwise. Bare numbers and strings count as text.
 */
export function jsonHead(head: Uint8Array, sizeBytes: number): string | undefined {
  const text = textHead(head);
  if (text === undefined || !/^\s*(\{\s*["}]|\[\s*[[{"\]\-\dtfn])/.test(text)) return undefined;
  if (sizeBytes > head.length) return text;
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined; // looks like it and is not: "[1] A reference"
  }
}
