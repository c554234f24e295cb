import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { characterErrorPercent, editDistance, lostWordsPercent } from "./character-errors.ts";
import { printPages } from "./printed-pages.ts";
import { startReader } from "./reader.ts";
import { scanPages } from "./scanned-pages.ts";
import { writeTiff } from "./write-tiff.ts";

describe("errors", () => {
  it.each([
    ["kitten", "sitting", 3],
    ["", "abc", 3],
    ["abc", "", 3],
    ["same", "same", 0],
  ])("from %s to %s are %d edits", (from, to, edits) => {
    expect(editDistance(from, to)).toBe(edits);
  });

  it("do not count line ends", () => {
    expect(characterErrorPercent("one two\nthree", "one\ntwo  three\n")).toBe(0);
    expect(characterErrorPercent("0123456789", "012345678")).toBe(10);
  });

  it("count a word that is there once too few", () => {
    expect(lostWordsPercent("a b a c", "c a b")).toBe(25);
  });
});

describe("generated documents", () => {
  it("are the same for the same seed", async () => {
    const [one, again, other] = await Promise.all([printPages(2, 1), printPages(2, 1), printPages(2, 2)]);
    expect(again.texts).toEqual(one.texts);
    expect(other.texts).not.toEqual(one.texts);
  });

  it("become a TIFF whose pages other readers see", async () => {
    const { pdf } = await printPages(2, 3);
    const pages = await scanPages(pdf, { dpi: 72, skewDegrees: 0, noise: 0, seed: 3 });
    const tiff = writeTiff(pages);
    expect(await sharp(tiff).metadata()).toMatchObject({
      format: "tiff",
      pages: 2,
      width: 595,
      height: 842,
      density: 72,
    });
    const { data } = await sharp(tiff, { page: 1 }).toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
    expect(Buffer.from(pages[1]?.data ?? []).equals(data)).toBe(true);
  });

  it("are read back whole by the adapter in a process of its own", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stargate-bench-"));
    try {
      const { pdf, texts } = await printPages(2, 4);
      const file = join(folder, "two.pdf");
      await writeFile(file, pdf);
      await using reader = await startReader();
      const report = await reader.read({ file, options: {} });
      expect(report.coverage).toBe("2/2 page");
      expect(lostWordsPercent(texts.join("\n"), report.text)).toBe(0);
      await expect(reader.read({ file: join(folder, "none.pdf"), options: {} })).rejects.toThrow(/none\.pdf/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
