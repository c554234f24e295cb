import { escapeXml, xmlAttributes } from "../../util/xml.ts";
import { wordText } from "./line-text.ts";
import type { Box, PageText, PageTextLine, PageTextPage, PageTextWord } from "./page-text-schema.ts";
import { hundredths, languageTag, lineBaseline, unionBox } from "./pixel-geometry.ts";

const namespace = "http://www.loc.gov/standards/alto/ns-v4#";

/**
 * ALTO 4.4 (https://www.loc.gov/standards/alto/v4/alto-4-4.xsd), unit pixel. The resolution, which ALTO has no place for,
 * stands in the settings of the page's processing step, together with turn and skew undone before reading.
 */
export function pageTextToAlto(value: PageText): string {
  const kinds = [...new Set(value.pages.flatMap((page) => page.blocks.map((block) => block.kind)))].sort();
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<alto xmlns="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${namespace} http://www.loc.gov/standards/alto/v4/alto-4-4.xsd" SCHEMAVERSION="4.4">`,
    "<Description>",
    "<MeasurementUnit>pixel</MeasurementUnit>",
    ...value.pages.map(processing),
    "</Description>",
    ...tags(kinds),
    "<Layout>",
    ...value.pages.map(altoPage),
    "</Layout>",
    "</alto>",
    "",
  ].join("\n");
}

function processing(page: PageTextPage, index: number): string {
  const settings = `dpi=${page.dpi}; origin=${page.origin}; rotationDegrees=${page.rotationDegrees}; skewDegrees=${page.skewDegrees}; languages=${page.languages.join("+")}`;
  return [
    `<Processing ID="processing_${index + 1}">`,
    "<processingCategory>contentGeneration</processingCategory>",
    element("processingStepSettings", settings),
    "<processingSoftware>",
    element("softwareName", page.engine ?? "stargate"),
    "</processingSoftware>",
    "</Processing>",
  ].join("\n");
}

function tags(kinds: readonly string[]): readonly string[] {
  if (kinds.length === 0) return [];
  return ["<Tags>", ...kinds.map((kind) => `<StructureTag ID="kind_${kind}" LABEL="${kind}"/>`), "</Tags>"];
}

function altoPage(page: PageTextPage, index: number): string {
  const id = String(index + 1);
  const attributes = {
    ID: `page_${id}`,
    PHYSICAL_IMG_NR: page.number,
    PROCESSINGREFS: `processing_${id}`,
    HEIGHT: hundredths(page.heightPixels),
    WIDTH: hundredths(page.widthPixels),
    LANG: languageTag(page.languages[0]),
  };
  const blocks = page.blocks.map((block, at) => {
    const blockId = `${id}_${at + 1}`;
    const open = `<TextBlock${xmlAttributes({ ID: `block_${blockId}`, TAGREFS: `kind_${block.kind}`, ...place(block.box) })}>`;
    // A TextLine without a String is not valid.
    const lines = block.lines.filter((line) => line.words.length > 0);
    return [open, ...lines.map((line, number) => altoLine(line, `${blockId}_${number + 1}`)), "</TextBlock>"].join(
      "\n",
    );
  });
  const printed = unionBox(page.blocks.map((block) => block.box)) ?? [0, 0, page.widthPixels, page.heightPixels];
  return [
    `<Page${xmlAttributes(attributes)}>`,
    `<PrintSpace${xmlAttributes(place(printed))}>`,
    ...blocks,
    "</PrintSpace>",
    "</Page>",
  ].join("\n");
}

function altoLine(line: PageTextLine, id: string): string {
  const baseline = lineBaseline(line);
  const points =
    baseline && [0, 2].map((at) => `${hundredths(baseline[at] ?? 0)},${hundredths(baseline[at + 1] ?? 0)}`).join(" ");
  const strings = line.words.map((word, at) => altoString(word, `${id}_${at + 1}`) + space(word, line.words[at + 1]));
  return [
    `<TextLine${xmlAttributes({ ID: `line_${id}`, ...place(line.box), BASELINE: points })}>`,
    ...strings,
    "</TextLine>",
  ].join("\n");
}

function altoString(word: PageTextWord, id: string): string {
  const confidence = Math.round(word.confidence * 10_000) / 10_000;
  return `<String${xmlAttributes({ ID: `string_${id}`, ...place(word.box), WC: confidence, CONTENT: wordText(word.text) })}/>`;
}

function space(word: PageTextWord, next: PageTextWord | undefined): string {
  if (next === undefined) return "";
  return `<SP${xmlAttributes({ WIDTH: hundredths(Math.max(0, next.box[0] - word.box[2])), HPOS: hundredths(word.box[2]), VPOS: hundredths(word.box[1]) })}/>`;
}

function place(box: Box): Readonly<Record<"HPOS" | "VPOS" | "WIDTH" | "HEIGHT", number>> {
  return {
    HPOS: hundredths(box[0]),
    VPOS: hundredths(box[1]),
    WIDTH: hundredths(Math.max(0, box[2] - box[0])),
    HEIGHT: hundredths(Math.max(0, box[3] - box[1])),
  };
}

function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}
