import { escapeXml, xmlAttributes } from "../../util/xml.ts";
import { wordText } from "./line-text.ts";
import type { Box, PageText, PageTextBlock, PageTextLine, PageTextPage } from "./page-text-schema.ts";
import { hundredths, languageTag, lineBaseline, roundBox } from "./pixel-geometry.ts";

/**
 * hOCR 1.2 (https://kba.github.io/hocr-spec/1.2/) as XHTML. Boxes are whole pixels; `scan_res` states their resolution,
 * `x_wconf` is the confidence in percent, `ppageno` counts from 0.
 */
export function pageTextToHocr(value: PageText): string {
  const system = value.pages.find((page) => page.engine !== undefined)?.engine ?? "stargate";
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
    '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">',
    "<head>",
    "<title></title>",
    '<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>',
    `<meta${xmlAttributes({ name: "ocr-system", content: system })}/>`,
    '<meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_wconf"/>',
    `<meta name="ocr-number-of-pages" content="${value.pageCount}"/>`,
    "</head>",
    "<body>",
    ...value.pages.map(hocrPage),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function hocrPage(page: PageTextPage, index: number): string {
  const id = String(index + 1);
  const dpi = Math.round(page.dpi);
  const title = `${bbox([0, 0, page.widthPixels, page.heightPixels])}; ppageno ${page.number - 1}; scan_res ${dpi} ${dpi}`;
  const attributes = { class: "ocr_page", id: `page_${id}`, title, lang: languageTag(page.languages[0]) };
  const areas = page.blocks.map((block, at) => hocrArea(block, `${id}_${at + 1}`));
  return [`<div${xmlAttributes(attributes)}>`, ...areas, "</div>"].join("\n");
}

/** page-text has no level between block and line: a block is one paragraph. */
function hocrArea(block: PageTextBlock, id: string): string {
  const title = bbox(block.box);
  const lines = block.lines.map((line, at) => hocrLine(line, `${id}_${at + 1}`));
  return [
    ` <div${xmlAttributes({ class: "ocr_carea", id: `block_${id}`, title })}>`,
    `  <p${xmlAttributes({ class: "ocr_par", id: `par_${id}`, title })}>`,
    ...lines,
    "  </p>",
    " </div>",
  ].join("\n");
}

function hocrLine(line: PageTextLine, id: string): string {
  const title = [
    bbox(line.box),
    baselineProperty(line),
    line.fontSizePixels && `x_size ${hundredths(line.fontSizePixels)}`,
  ];
  const words = line.words.map((word, at) => {
    const wordTitle = `${bbox(word.box)}; x_wconf ${Math.round(word.confidence * 100)}`;
    return `    <span${xmlAttributes({ class: "ocrx_word", id: `word_${id}_${at + 1}`, title: wordTitle })}>${escapeXml(wordText(word.text))}</span>`;
  });
  const attributes = { class: "ocr_line", id: `line_${id}`, title: title.filter(Boolean).join("; ") };
  return [`   <span${xmlAttributes(attributes)}>`, ...words, "   </span>"].join("\n");
}

function bbox(box: Box): string {
  return `bbox ${roundBox(box).join(" ")}`;
}

/** Slope and offset from the lower left corner of the line's box, as hOCR wants it. */
function baselineProperty(line: PageTextLine): string | undefined {
  const baseline = lineBaseline(line);
  if (baseline === undefined || baseline[2] <= baseline[0]) return undefined;
  const slope = (baseline[3] - baseline[1]) / (baseline[2] - baseline[0]);
  const offset = baseline[1] + slope * (line.box[0] - baseline[0]) - line.box[3];
  return `baseline ${Math.round(slope * 10_000) / 10_000 + 0} ${hundredths(offset)}`;
}
