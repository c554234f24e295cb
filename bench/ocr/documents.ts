import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { result, type BenchResult } from "../support/result.ts";
import { median } from "../support/statistics.ts";
import { characterErrorPercent, lostWordsPercent } from "./character-errors.ts";
import { printPages } from "./printed-pages.ts";
import type { Reader } from "./reader.ts";
import { scanPages } from "./scanned-pages.ts";
import { readWithTesseract } from "./tesseract.ts";
import { writeTiff } from "./write-tiff.ts";

const scannedPages = 8;
const printedPages = 100;
const rounds = 3;

/** A scanned document of several pages against the binary on the same file, called once as a user would. */
export async function measureScannedDocument(
  reader: Reader,
  folder: string,
  note: (message: string) => void,
): Promise<readonly BenchResult[]> {
  const { pdf, texts } = await printPages(scannedPages, 8);
  const file = join(folder, "document.tiff");
  await writeFile(file, writeTiff(await scanPages(pdf, { dpi: 200, skewDegrees: 0, noise: 6, seed: 8 })));
  const truth = texts.join("\n");
  const engines = ["native", "tesseract.js"] as const;
  const seconds = new Map<string, number[]>([
    ["tesseract", []],
    ...engines.map((engine): [string, number[]] => [engine, []]),
  ]);
  for (let round = 1; round <= rounds; round++) {
    const theirs = await readWithTesseract(file);
    seconds.get("tesseract")?.push(theirs.seconds);
    const told = [`tesseract ${theirs.seconds.toFixed(1)} s`];
    for (const engine of engines) {
      const ours = await reader.read({ file, options: { engine } });
      const errors = characterErrorPercent(truth, ours.text) - characterErrorPercent(truth, theirs.text);
      seconds.get(engine)?.push(ours.seconds);
      told.push(`${engine} ${ours.seconds.toFixed(1)} s (${errors.toFixed(2)} points of errors more)`);
    }
    note(`ocr: ${scannedPages} scanned pages, round ${round} of ${rounds}: ${told.join(", ")}`);
  }
  const theirs = median(seconds.get("tesseract") ?? []);
  return engines.flatMap((engine) => {
    const ours = median(seconds.get(engine) ?? []);
    return [
      result(`${engine}: time for ${scannedPages} scanned pages over the tesseract binary's`, ours / theirs, "x", {
        goal: "<= 1",
      }),
      result(`${engine}: ${scannedPages} scanned pages`, scannedPages / ours, "pages/s", {
        baseline: scannedPages / theirs,
      }),
    ];
  });
}

/** A born-digital document: its text layer, no OCR. */
export async function measureBornDigital(
  reader: Reader,
  folder: string,
  note: (message: string) => void,
): Promise<readonly BenchResult[]> {
  const { pdf, texts } = await printPages(printedPages, 100);
  const file = join(folder, "born-digital.pdf");
  await writeFile(file, pdf);
  await reader.read({ file, options: {} });
  const reports = [];
  for (let round = 0; round < rounds; round++) reports.push(await reader.read({ file, options: {} }));
  const lost = Math.max(...reports.map(({ text }) => lostWordsPercent(texts.join("\n"), text)));
  note(`ocr: ${printedPages} born-digital pages, ${reports.map(({ seconds }) => seconds.toFixed(2)).join(", ")} s`);
  return [
    // Processor seconds of all threads: what a page costs on one core, however many shared the work.
    result(
      "born-digital pages/s/core",
      printedPages / median(reports.map((report) => report.processorSeconds)),
      "1/s",
      { goal: ">= 20" },
    ),
    result("born-digital pages/s", printedPages / median(reports.map((report) => report.seconds)), "1/s"),
    result("born-digital: words lost", lost, "%", { goal: "<= 0" }),
  ];
}
