import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findLanguageFile, languageMissing, withLanguageFolder } from "./language-data.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-test-"));
  await writeFile(join(folder, "tlh.traineddata"), "data");
});
afterAll(() => rm(folder, { recursive: true }));

test("English comes with the adapter", async () => {
  expect(await findLanguageFile("eng", [])).toMatch(/4\.0\.0_best_int.eng\.traineddata\.gz$/);
});

test("the operator's folders come first", async () => {
  expect(await findLanguageFile("tlh", [folder])).toBe(join(folder, "tlh.traineddata"));
  expect(await findLanguageFile("tlh", [])).toBeUndefined();
});

test("languages of several places are put into one folder, which is gone afterwards", async () => {
  let used = "";
  await withLanguageFolder(["eng", "tlh"], [folder], async (together) => {
    used = together;
    expect((await readdir(together)).sort()).toEqual(["eng.traineddata.gz", "tlh.traineddata.gz"]);
  });
  await expect(readdir(used)).rejects.toMatchObject({ code: "ENOENT" });
});

test("a language that is nowhere is named, with the two ways to add it", async () => {
  await expect(withLanguageFolder(["eng", "fra"], [], () => Promise.resolve())).rejects.toMatchObject({
    code: "SG_OCR_LANGUAGE_MISSING",
    message: 'Language "fra" is not installed',
    hint: expect.stringMatching(/npm install @tesseract\.js-data\/fra .*apt-get install tesseract-ocr-fra/),
  });
  expect(languageMissing("chi_sim", ["eng"]).message).toContain("installed: eng");
});
