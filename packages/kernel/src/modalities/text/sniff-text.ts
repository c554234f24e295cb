import { encodingOf } from "./decode-text.ts";

/**
 * Text of the first bytes of an input, or undefined when they are no text: invalid in their encoding, or with
 * control characters that no text has (WHATWG MIME Sniffing, 3: "binary data byte").
 * A character cut at the end of `head` is left out.
 */
export function textHead(head: Uint8Array): string | undefined {
  if (!heads.has(head)) heads.set(head, readHead(head));
  return heads.get(head);
}

/** Every modality that is written as text looks at the same head, of pictures and recordings, too. */
const heads = new WeakMap<Uint8Array, string | undefined>();

function readHead(head: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder(encodingOf(head), { fatal: true }).decode(head, { stream: true });
    return text === "" || binary.test(text) ? undefined : text;
  } catch {
    return undefined; // not text: an answer, not a failure
  }
}

// Everything below U+0020 except tab, line feed, form feed, carriage return and escape.
// oxlint-disable-next-line eslint/no-control-regex -- control characters are what is looked for
const binary = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/;
