import { fail } from "../ocr-errors.ts";
import { findLanguageFile, languageMissing } from "./language-data.ts";
import type { EngineName, EngineSettings, OcrEngine } from "./ocr-engine.ts";
import { tesseractJsEngine, tesseractJsVersion } from "./tesseract-js.ts";
import { findNativeTesseract, nativeEngine } from "./tesseract-native.ts";

/** The engine a document is read with, as plain data. */
export interface ChosenEngine {
  readonly name: EngineName;
  /** "tesseract 5.3.0" or "tesseract.js 7.0.0": for the receipt. */
  readonly label: string;
}

/**
 * Decides which engine reads: the one asked for, or under "auto" the native binary when it knows all languages, else
 * tesseract.js. Throws SG_OCR_ENGINE_MISSING and SG_OCR_LANGUAGE_MISSING.
 */
export async function chooseEngine(
  wanted: EngineName | "auto",
  languages: readonly string[],
  settings: EngineSettings,
): Promise<ChosenEngine> {
  const native = wanted === "tesseract.js" ? undefined : await findNativeTesseract(settings.tesseractPath);
  if (wanted === "native" && native === undefined) {
    throw fail(
      "SG_OCR_ENGINE_MISSING",
      `The tesseract binary was not found${settings.tesseractPath === undefined ? " on PATH" : ` at ${settings.tesseractPath}`}`,
      {
        hint: 'Install it (apt-get install tesseract-ocr), or use engine: "auto".',
      },
    );
  }
  const missingNative = native && languages.find((language) => !native.languages.includes(language));
  if (native !== undefined && missingNative === undefined)
    return { name: "native", label: `tesseract ${native.version}` };
  if (wanted === "native") throw languageMissing(missingNative ?? "", native?.languages);
  const files = await Promise.all(languages.map((language) => findLanguageFile(language, settings.languageFolders)));
  const missing = languages.find((_language, index) => files[index] === undefined);
  if (missing !== undefined) throw languageMissing(missing, native?.languages ?? ["eng"]);
  return { name: "tesseract.js", label: `tesseract.js ${await tesseractJsVersion()}` };
}

/** The engine itself, in whatever thread the page is read. */
export function openEngine(name: EngineName, settings: EngineSettings): OcrEngine {
  return name === "native" ? nativeEngine(settings.tesseractPath) : tesseractJsEngine(settings);
}
