import { expect, test } from "vitest";
import type { OcrEngine, RecognisedLine, RecogniseRequest } from "../native/ocr-engine.ts";
import { lookAgainAtTables } from "./second-look.ts";

const image = { data: new Uint8Array(1000 * 600).fill(255), widthPixels: 1000, heightPixels: 600 };
const request = { image, languages: ["eng"], dpi: 100, signal: new AbortController().signal };

/** Words of 20 pixels height at [text, left, confidence]. */
function line(top: number, ...words: readonly (readonly [string, number, number?])[]): RecognisedLine {
  const built = words.map(([text, left, confidence = 0.9]) => ({
    text,
    box: [left, top, left + text.length * 10, top + 20] as const,
    confidence,
  }));
  return { box: [built[0]?.box[0] ?? 0, top, built.at(-1)?.box[2] ?? 0, top + 20], words: built };
}

/** Says what it is told for every request, and remembers the requests. */
function scripted(answer: readonly RecognisedLine[]): OcrEngine & { readonly requests: RecogniseRequest[] } {
  const requests: RecogniseRequest[] = [];
  return {
    name: "native",
    requests,
    recognise: (asked) => {
      requests.push(asked);
      return Promise.resolve(answer);
    },
  };
}

const table = [0, 1, 2, 3].map((row) => line(100 + row * 40, ["Item", 50], ["10.00", 500], ["20.00", 800]));
const textOf = (lines: readonly RecognisedLine[]): string[] =>
  lines.flatMap((read) => read.words.map((word) => word.text));

test("prose is read once", async () => {
  const engine = scripted([]);
  const prose = [0, 1, 2, 3].map((row) => line(100 + row * 30, ["some", 50], ["plain", 100], ["words", 160]));
  expect(await lookAgainAtTables(engine, request, prose)).toEqual(prose);
  expect(engine.requests).toEqual([]);
});

test("the rows of a table are read again and digits that were lost are added at their place", async () => {
  // The crop begins one word height above the table: at 80.
  const engine = scripted([line(20, ["Item", 50], ["3", 400], ["10.00", 500], ["20.00", 800])]);
  const lines = await lookAgainAtTables(engine, request, table);
  expect(engine.requests.map(({ layout, image: part }) => [layout, part.heightPixels])).toEqual([["block", 180]]);
  expect(textOf(lines)).toHaveLength(13);
  expect(lines.at(-1)?.words).toEqual([{ text: "3", box: [400, 100, 410, 120], confidence: 0.9 }]);
});

test("what was read surely stays, what was not gives way to a surer reading", async () => {
  const doubtful = [...table, line(260, ["Item", 50], ["Tf", 400, 0.3], ["30.00", 500, 0.9], ["20.00", 800])];
  const engine = scripted([line(180, ["7", 405], ["80.00", 500, 0.99])]);
  const text = textOf(await lookAgainAtTables(engine, request, doubtful));
  expect(text).toContain("7");
  expect(text).not.toContain("Tf");
  expect(text).toContain("30.00");
  expect(text).not.toContain("80.00");
});

test("a column of digits read as text that runs down the page gives way", async () => {
  const down: RecognisedLine = {
    box: [400, 100, 420, 240],
    words: [{ text: "WwW", box: [400, 100, 420, 160], confidence: 0.95 }],
  };
  const engine = scripted([line(20, ["3", 402])]);
  const text = textOf(await lookAgainAtTables(engine, request, [...table, down]));
  expect(text).toContain("3");
  expect(text).not.toContain("WwW");
});
