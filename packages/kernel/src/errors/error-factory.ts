import type { JsonObject } from "../util/json.ts";
import type { CatalogEntry, ErrorCatalog } from "./catalog-entry.ts";
import { StargateError } from "./stargate-error.ts";

export interface ErrorOptions {
  /** Imperative; defaults to the catalogue's solution. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  readonly details?: JsonObject | undefined;
}

export type ErrorFactory<Code extends string> = (code: Code, message: string, options?: ErrorOptions) => StargateError;

/**
 * Makes errors of one closed catalogue.
 * @example
 * const fail = createErrorFactory(ocrErrors);
 * throw fail("SG_OCR_LANGUAGE_MISSING", `Language "fra" is not installed`, { hint: "Run npm install @tesseract.js-data/fra" });
 */
export function createErrorFactory<const C extends ErrorCatalog>(catalog: C): ErrorFactory<Extract<keyof C, string>> {
  return (code, message, options = {}) =>
    new StargateError({ code, entry: catalog[code] as CatalogEntry, message, ...options });
}
