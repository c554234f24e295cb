import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { result, type BenchResult } from "../support/result.ts";
import { median } from "../support/statistics.ts";
import { characterErrorPercent } from "./character-errors.ts";
import { printPages } from "./printed-pages.ts";
import type { Reader } from "./reader.ts";
import { goodScanner, scanPages, tiredScanner, toPng } from "./scanned-pages.ts";
import { readWithTesseract } from "./tesseract.ts";

const engines = ["native", "tesseract.js"] as const;
const pagesPerScanner = 3;
/** More character errors than this on a page mean that it was not read. */
const gaveUpPercent = 50;

interface Sample {
  readonly name: string;
  readonly file: string;
  readonly truth: string;
}

/** Character errors and speed on single pages: the adapter with either engine and the `tesseract` binary, in turn. */
export async function measureScans(
  reader: Reader,
  folder: string,
  note: (message: string) => void,
): Promise<readonly BenchResult[]> {
  const samples = [...(await makeSamples(folder)), ...(await realSamples())];
  note(`ocr: ${samples.length} single pages with tesseract, ${engines.join(", ")} in turn`);
  const readings = new Map<string, { errors: number[]; seconds: number[] }>();
  const add = (name: string, truth: string, text: string, seconds: number): void => {
    const reading = readings.get(name) ?? { errors: [], seconds: [] };
    reading.errors.push(characterErrorPercent(truth, text));
    reading.seconds.push(seconds);
    readings.set(name, reading);
  };
  const [first] = samples;
  if (first !== undefined) for (const engine of engines) await reader.read({ file: first.file, options: { engine } });
  for (const { name, file, truth } of samples) {
    const theirs = await readWithTesseract(file);
    add("tesseract", truth, theirs.text, theirs.seconds);
    const told = [`tesseract ${characterErrorPercent(truth, theirs.text).toFixed(2)} % ${theirs.seconds.toFixed(2)} s`];
    for (const engine of engines) {
      const ours = await reader.read({ file, options: { engine } });
      add(engine, truth, ours.text, ours.seconds);
      told.push(`${engine} ${characterErrorPercent(truth, ours.text).toFixed(2)} % ${ours.seconds.toFixed(2)} s`);
    }
    note(`  ${name}: ${told.join(", ")}`);
  }
  const theirs = readings.get("tesseract");
  if (theirs === undefined) return [];
  return engines.flatMap((engine) => {
    const ours = readings.get(engine);
    if (ours === undefined) return [];
    const ratios = ours.seconds.map((seconds, index) => seconds / (theirs.seconds[index] ?? Number.NaN));
    // Where the binary found nothing at all, being better is easy and would hide how the others compare.
    const differences = ours.errors
      .map((errors, index) => ({ errors, baseline: theirs.errors[index] ?? Number.NaN }))
      .filter(({ baseline }) => baseline < gaveUpPercent)
      .map(({ errors, baseline }) => errors - baseline);
    return [
      result(`${engine}: character errors over the tesseract binary's`, mean(differences), "points", {
        goal: "<= 0.5",
      }),
      result(`${engine}: the same on the worst page`, Math.max(...differences), "points"),
      result(`${engine}: character errors, all pages`, mean(ours.errors), "%", { baseline: mean(theirs.errors) }),
      result(`${engine}: single pages`, 1 / mean(ours.seconds), "pages/s", { baseline: 1 / mean(theirs.seconds) }),
      result(`${engine}: time for a single page over the tesseract binary's`, median(ratios), "x"),
    ];
  });
}

async function makeSamples(folder: string): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const [index, scanner] of [goodScanner, tiredScanner].entries()) {
    const { pdf, texts } = await printPages(pagesPerScanner, 20_261_121 + index);
    for (const [page, raster] of (await scanPages(pdf, { ...scanner, seed: 7 + index })).entries()) {
      const name = `${raster.dpi} dpi, noise ${scanner.noise}, page ${page + 1}`;
      const file = join(folder, `scan-${index}-${page}.png`);
      await writeFile(file, await toPng(raster));
      samples.push({ name, file, truth: texts[page] ?? "" });
    }
  }
  return samples;
}

/** A real typewritten page, where the shared samples are there. */
async function realSamples(): Promise<readonly Sample[]> {
  const shared = process.env["STARGATE_SHARED"] ?? new URL("../../../shared", import.meta.url).pathname;
  const file = join(shared, "samples/linn.png");
  const truth = join(shared, "samples/linn.txt");
  return existsSync(file) && existsSync(truth)
    ? [{ name: "linn.png", file, truth: await readFile(truth, "utf8") }]
    : [];
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
