import { access, copyFile, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fail } from "../ocr-errors.ts";

/** The variant of the data packages made for LSTM: a third of the size of the other at the same accuracy. */
const VARIANT = "4.0.0_best_int";

const roots = [import.meta.url, join(process.cwd(), "package.json")];

/** File with the data of a language for tesseract.js: in a folder of the operator's, or in its npm package; undefined when there is none. */
export async function findLanguageFile(language: string, folders: readonly string[]): Promise<string | undefined> {
  const candidates = folders.flatMap((folder) =>
    [`${language}.traineddata.gz`, `${language}.traineddata`].map((file) => join(folder, file)),
  );
  for (const root of roots) {
    const folder = packageFolder(root, `@tesseract.js-data/${language}`);
    if (folder !== undefined) candidates.push(join(folder, VARIANT, `${language}.traineddata.gz`));
  }
  for (const candidate of candidates) {
    if (await isReadable(candidate)) return candidate;
  }
  return undefined;
}

/**
 * Calls `use` with one folder that holds `<language>.traineddata.gz` for each language, which is what tesseract.js asks for.
 * Languages of several places are copied into a temporary folder. Throws SG_OCR_LANGUAGE_MISSING.
 */
export async function withLanguageFolder<Result>(
  languages: readonly string[],
  folders: readonly string[],
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const files = await Promise.all(languages.map((language) => findLanguageFile(language, folders)));
  const missing = languages.find((_language, index) => files[index] === undefined);
  if (missing !== undefined) throw languageMissing(missing);
  const found = files.filter((file) => file !== undefined);
  const [first] = found;
  const inOneFolder = found.every((file) => file.endsWith(".gz") && dirname(file) === dirname(first ?? ""));
  if (first !== undefined && inOneFolder) return use(dirname(first));
  const folder = await mkdtemp(join(tmpdir(), "stargate-ocr-"));
  try {
    // tesseract.js looks at the content, not at the name, to see whether it is compressed.
    await Promise.all(found.map((file, index) => copyFile(file, join(folder, `${languages[index]}.traineddata.gz`))));
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The error for a language no engine here can read. */
export function languageMissing(language: string, available?: readonly string[]): Error {
  const list = available === undefined || available.length === 0 ? "" : `; installed: ${available.join(", ")}`;
  return fail("SG_OCR_LANGUAGE_MISSING", `Language "${language}" is not installed${list}`, {
    hint: `Run npm install @tesseract.js-data/${language} (for tesseract.js), or apt-get install tesseract-ocr-${language.replaceAll("_", "-").toLowerCase()} (for the native engine).`,
    details: { language },
  });
}

function packageFolder(root: string, name: string): string | undefined {
  try {
    return dirname(createRequire(root).resolve(`${name}/package.json`));
  } catch {
    return undefined; // not installed there
  }
}

async function isReadable(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
