import type { HealthCheck } from "@stargate/kernel";
import { findLanguageFile } from "./native/language-data.ts";
import { pdfjsVersion } from "./native/pdfjs.ts";
import { sharpVersion } from "./native/sharp.ts";
import { tesseractJsVersion } from "./native/tesseract-js.ts";
import { findNativeTesseract } from "./native/tesseract-native.ts";
import type { OcrOptions } from "./ocr-options.ts";

/** Looks at the machine: which engines there are, in which versions, and which languages they know. */
export async function checkOcr(options: OcrOptions): Promise<readonly HealthCheck[]> {
  return [
    await checkNative(options),
    await checkTesseractJs(options),
    await checkPackage("pdfjs-dist", "text layers of PDFs", pdfjsVersion),
    await checkPackage("sharp", "page images", sharpVersion),
  ];
}

async function checkNative({ tesseractPath }: OcrOptions): Promise<HealthCheck> {
  const name = "tesseract binary";
  const found = await findNativeTesseract(tesseractPath);
  if (found !== undefined)
    return {
      name,
      status: "ok",
      message: `${found.version} at ${found.path}, languages ${found.languages.filter((language) => language !== "osd").join(", ")}`,
    };
  const message = `not found${tesseractPath === undefined ? "" : ` at ${tesseractPath}`}; scans are read by tesseract.js, about 1.5 times slower`;
  return { name, status: "warning", message, hint: "Install it for speed: apt-get install tesseract-ocr." };
}

async function checkTesseractJs({ languageFolders }: OcrOptions): Promise<HealthCheck> {
  const name = "tesseract.js";
  try {
    const version = await tesseractJsVersion();
    if ((await findLanguageFile("eng", languageFolders)) !== undefined)
      return { name, status: "ok", message: `${version}, English data found` };
    return {
      name,
      status: "failed",
      message: `${version}, but no English data`,
      hint: "Run npm install @tesseract.js-data/eng.",
    };
  } catch (error) {
    return packageFailed(name, error);
  }
}

async function checkPackage(name: string, purpose: string, version: () => Promise<string>): Promise<HealthCheck> {
  try {
    return { name, status: "ok", message: `${await version()}, for ${purpose}` };
  } catch (error) {
    return packageFailed(name, error);
  }
}

function packageFailed(name: string, error: unknown): HealthCheck {
  return {
    name,
    status: "failed",
    message: error instanceof Error ? error.message : String(error),
    hint: `Run npm install ${name}.`,
  };
}
