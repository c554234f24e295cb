import { fail } from "../ocr-errors.ts";

/**
 * Page numbers of a range such as "1-3,7,12-", ascending and without doubles; all pages without a range.
 * Throws SG_OCR_PAGE_RANGE naming the range and the number of pages.
 */
export function parsePageRange(range: string | undefined, pageCount: number): readonly number[] {
  if (range === undefined) return Array.from({ length: pageCount }, (_, index) => index + 1);
  const numbers = new Set<number>();
  for (const part of range.split(",")) {
    const match = /^\s*(\d{1,7})\s*(-)?\s*(\d{1,7})?\s*$/.exec(part);
    const first = Number(match?.[1]);
    const last = match?.[2] === undefined ? first : match[3] === undefined ? pageCount : Number(match[3]);
    if (match === null || (match[2] === undefined && match[3] !== undefined)) {
      throw fail(
        "SG_OCR_PAGE_RANGE",
        `"${range}" is not a page range: "${part.trim()}" is neither a page nor a range of pages`,
      );
    }
    if (first < 1 || last > pageCount || first > Math.max(last, 1)) {
      const pages = pageCount === 1 ? "1 page" : `${pageCount} pages`;
      throw fail("SG_OCR_PAGE_RANGE", `Page range "${range}" does not fit: the document has ${pages}`, {
        details: { range, pageCount },
      });
    }
    for (let page = first; page <= last; page++) numbers.add(page);
  }
  return [...numbers].sort((a, b) => a - b);
}
