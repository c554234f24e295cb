import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchResult, Suite } from "../support/result.ts";
import { measureBornDigital, measureScannedDocument } from "./documents.ts";
import { measureMemory } from "./memory.ts";
import { startReader } from "./reader.ts";
import { measureScans } from "./scans.ts";
import { tesseractVersion } from "./tesseract.ts";

/** Any document to its text: how right, how fast, how much memory. */
export const ocrSuite: Suite = {
  name: "ocr",
  async run(note) {
    const folder = await mkdtemp(join(tmpdir(), "stargate-bench-"));
    try {
      const results: BenchResult[] = [];
      await using reader = await startReader();
      results.push(...(await measureBornDigital(reader, folder, note)));
      const version = await tesseractVersion();
      if (version === undefined) note("ocr: there is no tesseract binary to compare with (apt install tesseract-ocr): scans left out");
      else {
        note(`ocr: tesseract ${version}, OMP_THREAD_LIMIT=1`);
        results.push(...(await measureScans(reader, folder, note)), ...(await measureScannedDocument(reader, folder, note)));
      }
      results.push(...(await measureMemory(folder, note)));
      return results;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
