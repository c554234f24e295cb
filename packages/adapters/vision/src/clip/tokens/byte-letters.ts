/**
 * The letter that stands for each byte in byte-level vocabularies (GPT-2 `encoder.py`, `bytes_to_unicode`): printable
 * Latin-1 characters stand for themselves, all other bytes for U+0100 and the following.
 */
export const byteLetters: readonly string[] = makeByteLetters();

function makeByteLetters(): string[] {
  const isPrintable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
}
