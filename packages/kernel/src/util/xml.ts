/**
 * Characters XML 1.0 allows (https://www.w3.org/TR/xml/#charsets); lone surrogates and most control characters are not
 * among them and have no escape either, so they can only be left out.
 */
const notXml = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  // A parser turns these into spaces inside attributes unless they are written as references.
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** Text for XML or HTML, safe as element content and inside quoted attributes. What XML 1.0 forbids is left out. */
export function escapeXml(text: string): string {
  return text.replace(notXml, "").replace(/[&<>"'\t\n\r]/g, (character) => references[character] ?? character);
}

/** Attributes as ` name="value"` each, in the order given; undefined ones are left out. */
export function xmlAttributes(attributes: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? "" : ` ${name}="${escapeXml(String(value))}"`))
    .join("");
}
