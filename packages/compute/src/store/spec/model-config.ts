import type { TensorDtype } from "@stargate/kernel";
import { z } from "zod";

const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/i, "expected 64 hex digits, as sha256sum prints them")
  .transform((hex) => hex.toLowerCase());
const urlSchema = z.string().refine((text) => ["https:", "http:", "file:"].includes(URL.parse(text)?.protocol ?? ""), {
  error: "expected an https, http or file URL",
});

/** Where one file is and what it must be. */
const sourceShape = {
  path: z.string().min(1).optional().describe("A file on this machine, used where it lies."),
  urls: z
    .union([urlSchema.transform((url) => [url]), z.array(urlSchema).min(1)])
    .optional()
    .describe("Addresses, tried in order."),
  sha256: sha256Schema.optional().describe("What `sha256sum` prints. Without it the file has to be accepted."),
  sizeBytes: z.int().positive().optional(),
};
const fileSchema = z
  .strictObject(sourceShape)
  .refine(({ path, urls }) => path === undefined || urls === undefined, { error: "expected path or urls, not both" });
const filesSchema = z.record(z.string().min(1), fileSchema);

const jsonObjectSchema = z.record(z.string(), z.json());
const deviceSchema = z.enum(["cpu", "cuda", "tensorrt", "coreml", "directml", "webgpu", "openvino", "remote"]);
const qualitySchema = z.number().min(0).max(1);

/** A variant: one file as in the short form, several under `files`, or none for a model on somebody else's server. */
const variantSchema = z.strictObject({
  ...sourceShape,
  files: filesSchema.optional(),
  quality: qualitySchema.default(1).describe("0 to 1, relative to the best variant."),
  devices: z.array(deviceSchema).readonly().optional(),
  settings: jsonObjectSchema.optional(),
});

const tensorDtypes = [
  "float32",
  "float64",
  "float16",
  "bfloat16",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "bool",
  "string",
] as const satisfies readonly TensorDtype[];
const tensorSpecSchema = z.strictObject({
  name: z.string().min(1),
  dtype: z.enum(tensorDtypes),
  shape: z.array(z.union([z.int(), z.string()])).readonly(),
});

/**
 * A model as an operator declares it. The short form is one file: `{ path: ./m.onnx, sha256: ... }`. Several files, several
 * variants, assets and everything else a `ModelSpec` has are fields beside that.
 */
export const modelConfigSchema = z.strictObject({
  ...sourceShape,
  files: filesSchema.optional(),
  variants: z
    .record(z.string().min(1), variantSchema)
    .refine((variants) => Object.keys(variants).length > 0, { error: "expected at least one variant" })
    .optional()
    .describe("By name, best first."),
  assets: filesSchema.optional().describe("Files that transforms read: vocabulary, labels."),
  version: z.string().min(1).default("1.0.0"),
  summary: z.string().default("Declared in the configuration"),
  licence: z.string().min(1).default("NOASSERTION").describe("SPDX expression."),
  format: z.string().min(1).optional().describe("Told by the extension for .onnx."),
  settings: jsonObjectSchema.optional().describe("Passed to the backend."),
  batching: z.enum(["first-axis", "none"]).optional(),
  signature: z
    .strictObject({ inputs: z.array(tensorSpecSchema).readonly(), outputs: z.array(tensorSpecSchema).readonly() })
    .optional(),
});

/** A declaration with its defaults filled in. */
export type ModelConfig = Readonly<z.output<typeof modelConfigSchema>>;
export type FileConfig = Readonly<z.output<typeof fileSchema>>;
