import { fail } from "../ocr-errors.ts";

/**
 * Loads an engine on first use and keeps it; a package that is not installed becomes SG_OCR_PACKAGE_MISSING.
 * @example
 * const loadSharp = lazyPackage("sharp", () => import("sharp"));
 */
export function lazyPackage<Module>(name: string, load: () => Promise<Module>): () => Promise<Module> {
  let loaded: Promise<Module> | undefined;
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw fail("SG_OCR_PACKAGE_MISSING", `The package ${name} cannot be loaded`, {
        hint: `Run npm install ${name}.`,
        cause: error,
      });
    });
    return loaded;
  };
}
