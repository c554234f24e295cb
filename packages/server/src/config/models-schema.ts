import { isStargateError } from "@stargate/kernel";
import { modelConfigSchema, modelSpecsOf } from "@stargate/compute/config";
import { z } from "zod";
import { isHostRule } from "../host/fetch/host-allow-list.ts";
import { byteSizeSchema } from "./byte-size.ts";

/** Where the files of the built-in models lie, and where their servers send one on to. */
const usualHosts: readonly string[] = [
  "huggingface.co",
  "*.huggingface.co",
  "*.hf.co",
  "github.com",
  "*.githubusercontent.com",
  "modelscope.cn",
  "*.modelscope.cn",
];

const addressSchema = z
  .string()
  .regex(/^https?:\/\/.+\/$/, 'expected an address that ends in "/": "https://mirror.example/hf/"');

/** Models: where they are kept, which may be fetched, and the operator's own. */
export const modelsSchema = z.strictObject({
  directory: z.string().min(1).optional().describe("The model store. Default: models under state.directory."),
  folders: z
    .array(z.string().min(1))
    .readonly()
    .default([])
    .describe("Folders of model files that are used where they lie. The environment's STARGATE_MODELS adds to them."),
  fetch: z
    .enum(["never", "allowed", "any"])
    .default("allowed")
    .describe(
      '"never": nothing is downloaded, not even by `stargate models pull`. "allowed": what `pull` is told to, and at run time the models in models.allow. "any": every declared model, when it is first used.',
    ),
  allow: z
    .array(z.string().min(1))
    .readonly()
    .default([])
    .describe("Models that may be downloaded when they are first used."),
  accept: z
    .array(z.string().min(1))
    .readonly()
    .default([])
    .describe("Models without a declared sha256 whose first bytes are trusted; others are refused from then on."),
  hosts: z
    .array(z.string().refine(isHostRule, { error: 'expected a host: "models.example.org", "*.example.org"' }))
    .readonly()
    .default(usualHosts)
    .describe("Hosts model files are downloaded from, redirects included; those of allow.hosts count as well."),
  mirrors: z
    .record(addressSchema, addressSchema)
    .default({})
    .describe('Where else to ask first: `{"https://huggingface.co/": "https://mirror.example/hf/"}`.'),
  maxFileBytes: byteSizeSchema.default(16 * 2 ** 30).describe("Largest model file. Default 16 GiB."),
  declare: z
    .record(z.string().min(1).max(200), modelConfigSchema)
    .superRefine((models, context) => {
      for (const [id, model] of Object.entries(models)) {
        try {
          modelSpecsOf({ [id]: model }, "/");
        } catch (error) {
          if (!isStargateError(error)) throw error;
          context.addIssue({ code: "custom", path: [id], message: error.message });
        }
      }
    })
    .default({})
    .describe("Models of your own by name: `{ path: ./m.onnx, sha256: ... }`; docs/models.md has the rest."),
});
