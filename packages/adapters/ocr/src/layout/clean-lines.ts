import type { RecognisedLine, RecognisedWord } from "../native/ocr-engine.ts";

/** Lines the engine is less sure of than this, without one good word, are mostly hatching and borders of pictures. */
const TEXTURE_CONFIDENCE = 0.4;
const GOOD_WORD_CONFIDENCE = 0.8;
const GOOD_LINE_CONFIDENCE = 0.7;

/** What engines make of a bullet when they do not know the sign. */
const misreadBullet = /^[¢©®°«»]$/u;

/**
 * Takes out what an engine saw in pictures, and mends bullets. Where little of a page was read well, nothing is taken
 * out: then the page is bad, not its pictures.
 */
export function cleanLines(lines: readonly RecognisedLine[]): readonly RecognisedLine[] {
  const characters = (wanted: (line: RecognisedLine) => boolean): number =>
    lines.filter(wanted).reduce((sum, line) => sum + lengthOf(line.words), 0);
  const isGood = (line: RecognisedLine): boolean => confidenceOf(line) >= GOOD_LINE_CONFIDENCE;
  const keepsAll = characters(isGood) < characters(isTexture);
  return lines.filter((line) => keepsAll || !isTexture(line)).map(mendBullet);
}

function isTexture(line: RecognisedLine): boolean {
  const hasGoodWord = line.words.some(
    ({ text, confidence }) => confidence >= GOOD_WORD_CONFIDENCE && text.replace(/[^\p{L}\p{N}]/gu, "").length >= 3,
  );
  return !hasGoodWord && confidenceOf(line) < TEXTURE_CONFIDENCE;
}

function mendBullet(line: RecognisedLine): RecognisedLine {
  const [first, ...rest] = line.words;
  if (first === undefined || rest.length === 0 || !misreadBullet.test(first.text)) return line;
  return { ...line, words: [{ ...first, text: "•" }, ...rest] };
}

function confidenceOf({ words }: RecognisedLine): number {
  const characters = lengthOf(words);
  return characters === 0 ? 0 : words.reduce((sum, word) => sum + word.confidence * word.text.length, 0) / characters;
}

function lengthOf(words: readonly RecognisedWord[]): number {
  return words.reduce((sum, word) => sum + word.text.length, 0);
}
