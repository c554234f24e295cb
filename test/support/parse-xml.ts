export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Own text, references resolved. */
  readonly text: string;
}

interface OpenElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const nameStart = "[A-Za-z_:]";
const tag = new RegExp(`^<(${nameStart}[\\w:.-]*)((?:\\s+${nameStart}[\\w:.-]*="[^"<]*")*)\\s*(/?)>`);
const attribute = new RegExp(`(${nameStart}[\\w:.-]*)="([^"<]*)"`, "g");

/**
 * Strict parser of the XML 1.0 subset our encoders write: no CDATA, comments or processing instructions inside,
 * attributes in double quotes. Anything else is an error: well-formedness is what it is there to test.
 */
export function parseXml(source: string): XmlElement {
  const bad = forbidden.exec(source);
  if (bad !== null)
    throw new Error(`character U+${bad[0].codePointAt(0)?.toString(16)} at ${bad.index} is not allowed in XML`);
  let rest = source.replace(/^<\?xml [^?]*\?>\s*/, "").replace(/^<!DOCTYPE [^>]*>\s*/, "");
  const root: OpenElement = { name: "", attributes: {}, children: [], text: "" };
  const stack: OpenElement[] = [root];
  while (rest !== "") {
    const current = stack.at(-1) ?? root;
    const opening = tag.exec(rest);
    const closing = /^<\/([\w:.-]+)\s*>/.exec(rest);
    const text = /^[^<]+/.exec(rest);
    const consumed = opening ?? closing ?? text;
    if (consumed === null) throw new Error(`not well-formed at: ${rest.slice(0, 80)}`);
    if (opening !== null) {
      const element: OpenElement = {
        name: opening[1] ?? "",
        attributes: readAttributes(opening[2] ?? ""),
        children: [],
        text: "",
      };
      current.children.push(element);
      if (opening[3] === "") stack.push(element);
    } else if (closing !== null) {
      if (stack.length < 2 || current.name !== closing[1]) throw new Error(`</${closing[1]}> closes <${current.name}>`);
      stack.pop();
    } else {
      current.text += resolve(consumed[0]);
    }
    rest = rest.slice(consumed[0].length);
  }
  if (stack.length !== 1) throw new Error(`<${stack.at(-1)?.name}> is not closed`);
  const [top] = root.children;
  if (top === undefined || root.children.length !== 1 || root.text.trim() !== "")
    throw new Error("not exactly one root element");
  return top;
}

function readAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = "", value = ""] of source.matchAll(attribute)) {
    if (name in attributes) throw new Error(`attribute ${name} twice`);
    attributes[name] = resolve(value);
  }
  return attributes;
}

function resolve(text: string): string {
  return text.replace(/&([^;\s]*;?)/g, (_, reference: string) => {
    const numeric = /^#(?:x([0-9a-f]+)|(\d+));$/i.exec(reference);
    if (numeric !== null)
      return String.fromCodePoint(numeric[1] === undefined ? Number(numeric[2]) : Number.parseInt(numeric[1], 16));
    const named = { "amp;": "&", "lt;": "<", "gt;": ">", "quot;": '"', "apos;": "'" }[reference];
    if (named === undefined) throw new Error(`&${reference} is not a reference`);
    return named;
  });
}

/** All elements below, in document order, the element itself first. */
export function* walkXml(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* walkXml(child);
}
