import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Suite } from "../support/result.ts";
import { runAll, type Measure } from "../support/run-all.ts";
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
      await using reader = await startReader();
      const version = await tesseractVersion();
      const scans: readonly Measure[] = [
        (tell) => measureScans(reader, folder, tell),
        (tell) => measureScannedDocument(reader, folder, tell),
      ];
      if (version === undefined)
        note("ocr: there is no tesseract binary to compare with (apt install tesseract-ocr): scans left out");
      else note(`ocr: tesseract ${version}, OMP_THREAD_LIMIT=1`);
      return await runAll(
        [
          (tell) => measureBornDigital(reader, folder, tell),
          (tell) => measureMemory(folder, tell),
          ...(version === undefined ? [] : scans),
        ],
        note,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
