import { fail } from "../../errors/catalog.ts";

/** Largest text read into memory as one string. */
const MAX_TEXT_BYTES = 256 * 1024 * 1024;

/** Encoding a byte order mark announces (WHATWG Encoding, 6: "BOM sniff"); UTF-8 without one. */
export function encodingOf(head: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  return "utf-8";
}

/**
 * Reads text: UTF-8, or UTF-16 with a byte order mark; the mark is left out.
 * Throws SG_INPUT_CORRUPT on bytes that are not text in that encoding, SG_INPUT_TOO_LARGE above 256 MiB.
 */
export async function decodeText(input: Blob): Promise<string> {
  if (input.size > MAX_TEXT_BYTES) {
    throw fail("SG_INPUT_TOO_LARGE", `Text of ${input.size} bytes; the limit is ${MAX_TEXT_BYTES} bytes`);
  }
  const bytes = new Uint8Array(await input.arrayBuffer());
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw fail("SG_INPUT_CORRUPT", `The bytes are not ${encoding.toUpperCase()} text`, {
      hint: "Save the text as UTF-8 and send it again.",
      cause,
    });
  }
}
