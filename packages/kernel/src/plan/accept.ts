/** One range of an Accept header (RFC 9110, 12.5.1). */
interface MediaRange {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** 0-1, by `q`. */
  readonly quality: number;
}

/** How much a media type is wanted, and how exactly it was named. */
export interface Preference {
  readonly quality: number;
  /** 0 for "*\/*", 1 for "text/*", 2 for "text/plain", one more per parameter. */
  readonly specificity: number;
}

/** A header longer than this is an attack, not a preference. */
const MAX_RANGES = 100;

/** Reads an Accept header. Ranges that are not well formed are left out, as the RFC lets a server do. */
export function parseAccept(header: string): readonly MediaRange[] {
  return splitOutsideQuotes(header, ",").slice(0, MAX_RANGES).flatMap(parseRange);
}

/** Preference for a media type: that of the most specific range that matches; undefined when none does. */
export function preferenceFor(mediaType: string, ranges: readonly MediaRange[]): Preference | undefined {
  const [wanted] = parseRange(mediaType);
  if (wanted === undefined) return undefined;
  let best: Preference | undefined;
  for (const range of ranges) {
    const specificity = matchSpecificity(range, wanted);
    if (specificity !== undefined && (best === undefined || specificity > best.specificity))
      best = { quality: range.quality, specificity };
  }
  return best;
}

function matchSpecificity(range: MediaRange, wanted: MediaRange): number | undefined {
  if (range.type === "*") return range.subtype === "*" ? 0 : undefined;
  if (range.type !== wanted.type) return undefined;
  if (range.subtype === "*") return 1;
  if (range.subtype !== wanted.subtype) return undefined;
  let specificity = 2;
  for (const [name, value] of range.parameters) {
    // All our text is UTF-8, whether the type says so or not.
    const offered = wanted.parameters.get(name) ?? (name === "charset" ? "utf-8" : undefined);
    if (offered !== value) return undefined;
    specificity += 1;
  }
  return specificity;
}

function parseRange(text: string): readonly MediaRange[] {
  const [essence = "", ...rest] = splitOutsideQuotes(text, ";").map((part) => part.trim());
  const match = /^([!#$%&'*+.^_`|~\w-]+)\/([!#$%&'*+.^_`|~\w-]+)$/.exec(essence.toLowerCase());
  if (match === null) return [];
  const parameters = new Map<string, string>();
  let quality = 1;
  for (const part of rest) {
    const equals = part.indexOf("=");
    if (equals === -1) continue;
    const name = part.slice(0, equals).trim().toLowerCase();
    const value = part
      .slice(equals + 1)
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .toLowerCase();
    if (name !== "q") parameters.set(name, value);
    else {
      if (!/^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(value)) return [];
      quality = Number(value);
      break; // what follows are extensions, not parameters of the type
    }
  }
  return [{ type: match[1] ?? "", subtype: match[2] ?? "", parameters, quality }];
}

function splitOutsideQuotes(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === "\\" && quoted) index += 1;
    else if (text[index] === '"') quoted = !quoted;
    else if (text[index] === separator && !quoted) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}
