import type { Box } from "@stargate/kernel";
import type { RecognisedLine, RecognisedWord } from "./ocr-engine.ts";

const linePattern = /<span class=['"]ocr_(?:line|header|caption|textfloat)['"][^>]*title=(?:"([^"]*)"|'([^']*)')/;
const wordPattern = /<span class=['"]ocrx_word['"][^>]*title=(?:"([^"]*)"|'([^']*)')[^>]*>(.*?)<\/span>/g;

/**
 * Lines of the hOCR that the `tesseract` binary prints. Not a parser for other people's hOCR.
 * Its titles carry "bbox l t r b", "baseline slope offset" (from the lower left corner) and "x_wconf percent".
 */
export function parseHocrLines(hocr: string): readonly RecognisedLine[] {
  const starts = [...hocr.matchAll(new RegExp(linePattern.source, "g"))];
  return starts.flatMap((match, index) => {
    const title = match[1] ?? match[2] ?? "";
    const box = boxOf(title);
    if (box === undefined) return [];
    const words = parseWords(hocr.slice(match.index + match[0].length, starts[index + 1]?.index));
    return words.length === 0 ? [] : [{ box, words, baseline: baselineOf(title, box) }];
  });
}

function parseWords(html: string): readonly RecognisedWord[] {
  return [...html.matchAll(wordPattern)].flatMap((match) => {
    const title = match[1] ?? match[2] ?? "";
    const box = boxOf(title);
    const text = unescape((match[3] ?? "").replace(/<[^>]*>/g, "")).trim();
    const percent = Number(/x_wconf (-?[\d.]+)/.exec(title)?.[1] ?? 0);
    return box === undefined || text === "" ? [] : [{ text, box, confidence: Math.min(1, Math.max(0, percent / 100)) }];
  });
}

function boxOf(title: string): Box | undefined {
  const match = /bbox (-?\d+) (-?\d+) (-?\d+) (-?\d+)/.exec(title);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])];
}

function baselineOf(title: string, box: Box): Box | undefined {
  const match = /baseline (-?[\d.]+) (-?[\d.]+)/.exec(title);
  if (match === null) return undefined;
  const y = box[3] + Number(match[2]);
  return [box[0], y, box[2], y + Number(match[1]) * (box[2] - box[0])];
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return entities[name ?? ""] ?? whole;
  });
}
