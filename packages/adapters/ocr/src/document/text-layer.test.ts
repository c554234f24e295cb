import { expect, test } from "vitest";
import type { PdfTextRun } from "../native/pdfjs.ts";
import { uprightRuns } from "./text-layer.ts";

const run = (text: string, x: number, y: number, angleDegrees = 0): PdfTextRun => ({
  text,
  x,
  y,
  angleDegrees,
  widthPoints: text.length * 5,
  fontSizePoints: 10,
  ascent: 0.8,
  descent: 0.2,
  isVertical: false,
  endsLine: false,
});
const page = (runs: readonly PdfTextRun[]) => ({ widthPoints: 200, heightPoints: 100, runs });

test("points become pixels at the resolution asked for", () => {
  const { runs, widthPixels, heightPixels } = uprightRuns(page([run("Hello", 30, 40)]), 144);
  expect([widthPixels, heightPixels]).toEqual([400, 200]);
  expect(runs[0]).toMatchObject({ x: 60, y: 80, widthPixels: 50, fontSizePixels: 20 });
});

test.each([
  [90, 150, 20, [20, 50]],
  [180, 150, 20, [50, 80]],
  [270, 150, 20, [80, 150]],
] as const)("a page whose text is turned by %i degrees is turned back", (angle, x, y, expected) => {
  const { turnDegrees, runs } = uprightRuns(page([run("Hello", x, y, angle)]), 72);
  expect(turnDegrees).toBe(angle);
  expect([runs[0]!.x, runs[0]!.y].map(Math.round)).toEqual(expected);
  expect(runs[0]!.widthPixels).toBeCloseTo(25);
});

test("what leans against the rest stands aside, and what lies outside the page is left out", () => {
  const { turnDegrees, runs, aside } = uprightRuns(
    page([run("Running text", 20, 50), run("DRAFT", 60, 90, -45), run("outside", 300, 50)]),
    72,
  );
  expect(turnDegrees).toBe(0);
  expect(runs.map(({ text }) => text)).toEqual(["Running text"]);
  expect(aside.map(({ text }) => text)).toEqual(["DRAFT"]);
  expect(aside[0]!.box[1]).toBeLessThan(75);
});
