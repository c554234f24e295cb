import { z } from "zod";
import { fail } from "../model-errors.ts";

/** Name of the manifest inside a bundle. */
export const MANIFEST_NAME = "manifest.json";
export const MAX_MANIFEST_BYTES = 16 * 2 ** 20;

const FORMAT = "stargate-models/1";

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  models: z.array(
    z.object({
      model: z.string().min(1),
      version: z.string().min(1),
      licence: z.string(),
      /** null: the model's assets. */
      variant: z.string().min(1).nullable(),
      files: z.array(
        z.object({
          name: z.string().min(1),
          sha256: z.string().regex(/^[0-9a-f]{64}$/),
          sizeBytes: z.int().nonnegative(),
          /** Its digest is declared; if not, whoever loads the bundle has to accept it. */
          isPinned: z.boolean(),
        }),
      ),
    }),
  ),
});

/** What is in a bundle. */
export type BundleManifest = Readonly<z.output<typeof manifestSchema>>;
export type BundleModel = BundleManifest["models"][number];

export function manifestText(models: readonly BundleModel[]): string {
  return `${JSON.stringify({ format: FORMAT, models }, undefined, 2)}\n`;
}

/** Throws SG_MODEL_BUNDLE. */
export function parseManifest(text: string): BundleManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw fail("SG_MODEL_BUNDLE", `The manifest of the bundle is no JSON: ${(cause as Error).message}`, { cause });
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fail("SG_MODEL_BUNDLE", `The manifest of the bundle is not one: ${issue?.path.join(".")}: ${issue?.message}`, {
    hint: "Write the bundle with this version of Stargate or an older one.",
  });
}
