/** Codes 1-65535 can be given out; what comes beyond shares the last one. */
const LAST_CODE = 0xffff;
/** Entries a `bfchar` section may hold (Adobe Technical Note 5411). */
const SECTION = 100;

/** Gives every character its own two-byte code, in order of first use, and writes the way back to Unicode. */
export class GlyphCodes {
  readonly #codes = new Map<string, number>();

  get lastCode(): number {
    return this.#codes.size;
  }

  /** Codes of the characters as one hexadecimal string of a PDF: "<00010002>". */
  encode(text: string): string {
    const codes = Array.from(text, (character) => hex(this.#codeOf(character)));
    return `<${codes.join("")}>`;
  }

  /** CMap program for `/ToUnicode` (ISO 32000-1 9.10.3). */
  toUnicode(): string {
    const lines = [...this.#codes].map(([character, code]) => `<${hex(code)}> <${utf16(character)}>`);
    const sections: string[] = [];
    for (let at = 0; at < lines.length; at += SECTION) {
      const part = lines.slice(at, at + SECTION);
      sections.push(`${part.length} beginbfchar`, ...part, "endbfchar");
    }
    return [
      "/CIDInit /ProcSet findresource begin",
      "12 dict begin",
      "begincmap",
      "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
      "/CMapName /Adobe-Identity-UCS def",
      "/CMapType 2 def",
      "1 begincodespacerange",
      "<0000> <FFFF>",
      "endcodespacerange",
      ...sections,
      "endcmap",
      "CMapName currentdict /CMap defineresource pop",
      "end",
      "end",
    ].join("\n");
  }

  #codeOf(character: string): number {
    const known = this.#codes.get(character);
    if (known !== undefined) return known;
    if (this.#codes.size === LAST_CODE) return LAST_CODE;
    const code = this.#codes.size + 1;
    this.#codes.set(character, code);
    return code;
  }
}

function utf16(character: string): string {
  return Array.from({ length: character.length }, (_, at) => hex(character.charCodeAt(at))).join("");
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, "0");
}
