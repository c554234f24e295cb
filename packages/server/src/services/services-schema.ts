import { policySchema } from "@stargate/kernel";
import { z } from "zod";
import { localTenant } from "../auth/access.ts";
import { byteSizeSchema } from "../config/byte-size.ts";

const folder = z.string().min(1);

const folderSourceSchema = z.strictObject({
  folder: folder.describe("Watched folder; files dropped into it are taken."),
  stableMs: z.int().min(0).default(1000).describe("A file is taken when it has not changed for this long."),
  keepDone: z.boolean().default(true).describe("Keep taken files in <folder>/.stargate/done. false deletes them."),
});

const pushSourceSchema = z.strictObject({
  push: z
    .strictObject({
      folder: folder.describe("Where pushed bodies wait until they are done."),
      maxItems: z.int().min(1).default(10_000),
      maxBytes: byteSizeSchema.default(10 * 2 ** 30),
    })
    .describe("Items posted to /v1/services/{name}/items."),
});

const folderSinkSchema = z.strictObject({ folder: folder.describe("Where results are written.") });

const webhookSinkSchema = z.strictObject({
  webhook: z.strictObject({
    url: z.url({ protocol: /^https?$/ }).describe("Where results are posted. Its host must stand in allow.hosts."),
    secret: z
      .union([z.string().min(16), z.strictObject({ env: z.string().min(1) })])
      .describe("Signs every delivery: at least 16 characters, or { env: NAME }."),
    timeoutMs: z.int().positive().default(30_000),
  }),
});

/** One service: source -> pipeline -> sink. */
export const serviceSchema = z
  .strictObject({
    source: z.union([folderSourceSchema, pushSourceSchema], {
      error: "expected { folder: ... } or { push: { folder: ... } }",
    }),
    pipeline: z.string().min(1).optional().describe("Name of a pipeline of this configuration."),
    to: z.string().min(1).optional().describe("Or the modality wanted; the gateway finds the way."),
    with: z
      .record(z.string(), z.record(z.string(), z.json()))
      .optional()
      .describe("With `to`: options by transform id."),
    encode: z.string().min(1).optional().describe("Media type of the results. Default: the modality's first."),
    sink: z.union([folderSinkSchema, webhookSinkSchema], {
      error: "expected { folder: ... } or { webhook: { url, secret } }",
    }),
    concurrency: z.int().min(1).max(64).default(2).describe("Items worked on at once."),
    policy: policySchema.optional(),
    tenant: z.string().min(1).default(localTenant).describe("Whose data it works on, and whose keys may push to it."),
  })
  .refine((service) => (service.pipeline === undefined) !== (service.to === undefined), {
    error: 'expected either "pipeline" or "to"',
  });

/** Part `services` of the configuration. */
export const servicesSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9-]*$/, "service names are kebab-case"),
  serviceSchema,
);

export type ServiceDefinition = Readonly<z.output<typeof serviceSchema>>;

export type ServiceInput = z.input<typeof serviceSchema>;
