import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { result, type BenchResult } from "../support/result.ts";
import { median } from "../support/statistics.ts";
import { printPages } from "./printed-pages.ts";
import { startReader, type ReadReport } from "./reader.ts";
import { scanPages } from "./scanned-pages.ts";
import { writeTiff } from "./write-tiff.ts";

const longDocumentPages = 500;
const scannedPages = 16;

/** Memory of a fresh process while it reads a long document. */
export async function measureMemory(folder: string, note: (message: string) => void): Promise<readonly BenchResult[]> {
  const printed = join(folder, "long.pdf");
  await writeFile(printed, (await printPages(longDocumentPages, 500)).pdf);
  const long = await readAlone(printed);
  note(`ocr: ${longDocumentPages} born-digital pages: ${describe(long)}`);
  const scanned = join(folder, "scanned.tiff");
  const { pdf } = await printPages(scannedPages, 16);
  await writeFile(scanned, writeTiff(await scanPages(pdf, { dpi: 200, skewDegrees: 0, noise: 6, seed: 16 })));
  const scans = await readAlone(scanned);
  note(`ocr: ${scannedPages} scanned pages: ${describe(scans)}`);
  return [
    result(`memory growth after page 50 of ${longDocumentPages} born-digital pages`, growthPercent(long, 50), "%", {
      goal: "<= 10",
    }),
    result(`RSS at the end of ${longDocumentPages} born-digital pages`, lastWindow(long), "MiB", {
      baseline: windowAfter(long, 50),
    }),
    result(
      `memory growth after page ${scannedPages / 2} of ${scannedPages} scanned pages`,
      growthPercent(scans, scannedPages / 2),
      "%",
    ),
  ];
}

async function readAlone(file: string): Promise<ReadReport> {
  await using reader = await startReader();
  return await reader.read({ file, options: {} });
}

/** Pages over which resident memory is looked at: between two collections of garbage it goes up and down. */
const windowPages = 50;

function windowAfter({ residentMib }: ReadReport, page: number): number {
  return median(residentMib.filter(([done]) => done >= page && done < page + windowPages).map(([, mib]) => mib));
}

function lastWindow({ residentMib }: ReadReport): number {
  const last = residentMib.at(-1)?.[0] ?? 0;
  return median(residentMib.filter(([done]) => done > last - windowPages).map(([, mib]) => mib));
}

/** How much more is resident over the last pages than over those from `page` on. */
function growthPercent(report: ReadReport, page: number): number {
  const last = report.residentMib.at(-1)?.[0] ?? 0;
  const before = windowAfter(report, page);
  const after = last > 2 * windowPages ? lastWindow(report) : (report.residentMib.at(-1)?.[1] ?? Number.NaN);
  const earlier =
    last > 2 * windowPages
      ? before
      : median(report.residentMib.filter(([done]) => done <= page && done > page - 3).map(([, mib]) => mib));
  return 100 * (after / earlier - 1);
}

function describe({ residentMib, seconds }: ReadReport): string {
  const every = Math.max(1, Math.floor(residentMib.length / 8));
  const points = residentMib
    .filter((_, index) => index % every === 0)
    .map(([page, mib]) => `${page}: ${Math.round(mib)}`);
  return `${seconds.toFixed(1)} s, MiB at page ${points.join(", ")}`;
}
