import { fail } from "../../satellite-errors.ts";

/** What a reader of XML is told, in the order of the text. Names come without their prefixes. */
export interface XmlEvents {
  open(name: string, attributes: string): void;
  /** `text` is what stands directly inside the element, its own elements left out. */
  close(name: string, text: string): void;
}

/** A tag, from its "<" on. */
const tag = /<(\/?)(?:[\w.-]+:)?([\w.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
/** What is no tag, by how it begins and ends. */
const others = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
] as const;
const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const MAX_DEPTH = 100;

/**
 * Reads the part of XML that KML is written in. Document types, with the entities they could define, are refused.
 * Throws SG_INPUT_CORRUPT when tags do not match, SG_INPUT_INVALID for a document type.
 */
export function readXml(text: string, events: XmlEvents): void {
  if (/<!DOCTYPE/i.test(text)) {
    throw fail("SG_INPUT_INVALID", "XML with a document type is not read", { hint: "Take the <!DOCTYPE> line out." });
  }
  const path: { readonly name: string; text: string }[] = [];
  let position = 0;
  for (let start = text.indexOf("<"); start !== -1; start = text.indexOf("<", position)) {
    addText(path, unescapeXml(text.slice(position, start)));
    const other = others.find(([opening]) => text.startsWith(opening, start));
    if (other !== undefined) {
      const [opening, closing] = other;
      const end = text.indexOf(closing, start + opening.length);
      if (end === -1) throw fail("SG_INPUT_CORRUPT", `XML ends inside ${opening}`);
      if (opening === "<![CDATA[") addText(path, text.slice(start + opening.length, end));
      position = end + closing.length;
      continue;
    }
    tag.lastIndex = start;
    const match = tag.exec(text);
    if (match === null) throw fail("SG_INPUT_CORRUPT", `XML: no tag at position ${start + 1}`);
    position = tag.lastIndex;
    readTag(match, path, events);
  }
  const open = path.at(-1);
  if (open !== undefined) throw fail("SG_INPUT_CORRUPT", `XML ends inside <${open.name}>`);
}

function readTag(
  [, slash, name = "", attributes = "", empty]: RegExpExecArray,
  path: { readonly name: string; text: string }[],
  events: XmlEvents,
): void {
  if (slash === "/") {
    const element = path.pop();
    if (element?.name !== name) throw fail("SG_INPUT_CORRUPT", `XML: </${name}> closes <${element?.name ?? ""}>`);
    events.close(name, element.text);
    return;
  }
  events.open(name, attributes);
  if (empty === "/") events.close(name, "");
  else if (path.push({ name, text: "" }) > MAX_DEPTH) {
    throw fail("SG_INPUT_INVALID", `XML nested deeper than ${MAX_DEPTH} elements`);
  }
}

function addText(path: readonly { text: string }[], text: string): void {
  const element = path.at(-1);
  if (element !== undefined) element.text += text;
}

/** Text with its references replaced; unknown ones stay as they are. */
export function unescapeXml(text: string): string {
  return text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
