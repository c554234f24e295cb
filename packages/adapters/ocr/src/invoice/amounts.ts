/** Which of "." and "," separates the decimals in a document. */
export type DecimalMark = "." | ",";

/** Readings of a written number: one, or two when the separator may be either ("1.234"). Decimal strings. */
export interface AmountReading {
  readonly candidates: readonly string[];
  /** Decimal mark this number proves, when it does. */
  readonly mark?: DecimalMark | undefined;
}

/** A number as it is printed: sign, digits with separators, sign behind or brackets around. */
const printed = /^([-\u2212\u2013(]?)\s*(\d[\d.,'\u2019\u00B4` ]*)\s*([-\u2212\u2013)]?)$/u;

/**
 * Reads a printed number: 1.234,56 / 1,234.56 / 1 234,56 / 1'234.56 / 12,34,567.00 / 1234 / (1.00) / 1,00-.
 * Undefined for what is no number, or groups its digits in no known way. Currency signs must be gone.
 */
export function readAmount(text: string): AmountReading | undefined {
  const match = printed.exec(text.replace(/[\u00A0\u202F\u2009]/g, " ").trim());
  if (match === null) return undefined;
  const [, before = "", body = "", behind = ""] = match;
  if ((before === "(") !== (behind === ")")) return undefined;
  const sign = before === "" && behind === "" ? "" : "-";
  const reading = readUnsigned(tidy(body));
  return (
    reading && {
      ...reading,
      candidates: reading.candidates.map((candidate) => (/[1-9]/.test(candidate) ? sign : "") + candidate),
    }
  );
}

/** OCR tears separators off their digits ("1.234, 56"); one way of writing the apostrophe is enough. */
function tidy(body: string): string {
  return body
    .replace(/ ?([.,]) ?/g, "$1")
    .replace(/['\u2019\u00B4`]/g, "'")
    .trim();
}

function readUnsigned(body: string): AmountReading | undefined {
  const separators = body.replace(/\d/g, "");
  const last = separators.at(-1);
  if (last === undefined) return { candidates: [plain(body, "")] };
  const [whole, fraction] = splitLast(body, last);
  const isRepeated = separators.split(last).length > 2;
  if (last === " " || last === "'" || isRepeated)
    return isGrouped(body) && new Set(separators).size === 1
      ? { candidates: [plain(body, "")], ...(last === "." || last === "," ? { mark: other(last) } : {}) }
      : undefined;
  if (fraction === "") return undefined;
  const mark: DecimalMark = last === "," ? "," : ".";
  if (/\D/.test(whole)) {
    return isGrouped(whole) && new Set(whole.replace(/\d/g, "")).size === 1
      ? { candidates: [plain(whole, fraction)], mark }
      : undefined;
  }
  const canGroup = fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole);
  if (canGroup) return { candidates: [plain(whole + fraction, ""), plain(whole, fraction)] };
  return { candidates: [plain(whole, fraction)], mark };
}

/** Groups of three, or as in India: three, then twos. */
function isGrouped(text: string): boolean {
  return /^\d{1,3}(\D\d{3})+$/.test(text) || /^\d{1,2}(,\d{2})*,\d{3}$/.test(text);
}

function plain(whole: string, fraction: string): string {
  const digits = whole.replace(/\D/g, "").replace(/^0+(?=\d)/, "");
  return fraction === "" ? digits : `${digits}.${fraction}`;
}

function splitLast(text: string, separator: string): readonly [string, string] {
  const at = text.lastIndexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}

function other(mark: "." | ","): DecimalMark {
  return mark === "." ? "," : ".";
}

/** The decimal mark most numbers of a document prove; undefined when none does or they contradict one another. */
export function decimalMarkOf(readings: readonly AmountReading[]): DecimalMark | undefined {
  const points = readings.filter((reading) => reading.mark === ".").length;
  const commas = readings.filter((reading) => reading.mark === ",").length;
  if (points >= 3 * commas && points > 0) return ".";
  return commas >= 3 * points && commas > 0 ? "," : undefined;
}

/** The candidates left once the document's decimal mark is known. */
export function settleAmount(
  reading: AmountReading,
  mark: DecimalMark | undefined,
  written: string,
): readonly string[] {
  if (reading.candidates.length === 1 || mark === undefined) return reading.candidates;
  const isDecimal = written.includes(mark);
  return reading.candidates.filter((candidate) => candidate.includes(".") === isDecimal);
}
