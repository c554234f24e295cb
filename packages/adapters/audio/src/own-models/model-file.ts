import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import type { ModelFile } from "@stargate/kernel";
import { z } from "zod";

/** A file of a model of the operator's own. */
export const modelFileSchema = z.strictObject({
  /** Where it lies: an absolute path, or an https or file URL. */
  from: z.string().min(1),
  /** What `sha256sum` prints. Without it the model has to be accepted before it is used. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "expected 64 hex digits in lower case")
    .optional(),
});

/** The file as a model declares it. */
export function modelFile({ from, sha256 }: z.infer<typeof modelFileSchema>): ModelFile {
  return {
    name: fileName(from),
    urls: [isUrl(from) ? from : pathToFileURL(from).href],
    sha256: sha256 ?? null,
    sizeBytes: null,
  };
}

export function fileName(from: string): string {
  return basename(isUrl(from) ? decodeURIComponent(new URL(from).pathname) : from);
}

function isUrl(from: string): boolean {
  return /^(?:https?|file):/.test(from);
}
