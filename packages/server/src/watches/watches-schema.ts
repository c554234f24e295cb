import { z } from "zod";
import { localTenant } from "../auth/access.ts";

const options = z.record(z.string(), z.json());

/** One area that is watched. */
export const watchSchema = z
  .strictObject({
    area: z.string().min(1).describe("GeoJSON file with the polygons of the area."),
    stac: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("STAC API that is asked for new scenes. Its host, and that of its files, must stand in allow.hosts."),
    scenes: z
      .string()
      .min(1)
      .optional()
      .describe("Or a folder of scenes: STAC items, or GeoTIFFs with dates in their names."),
    collections: z
      .array(z.string().min(1))
      .min(1)
      .default(["sentinel-2-l2a"])
      .describe("Collections of the catalogue."),
    task: z
      .enum(["deforestation", "regrowth", "drought", "flood"])
      .default("deforestation")
      .describe("What is watched for: which index, which way, which mask."),
    from: z.iso.date().describe("First date that is read; two years before `monitorFrom` at least."),
    monitorFrom: z.iso
      .date()
      .optional()
      .describe("First date that is judged. Default: one year before the last scene."),
    maxCloudShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.8)
      .describe("Cloudier scenes are left out, as the catalogue states it."),
    folder: z.string().min(1).describe("Where what was observed, and the alerts, are kept."),
    everySeconds: z
      .number()
      .positive()
      .default(6 * 3600)
      .describe("How often the catalogue is asked. Default six hours."),
    observe: options.default({}).describe("Options of satellite.observe, over those of the task."),
    detect: options.default({}).describe("Options of satellite.detect-change, over those of the task."),
    webhook: z
      .strictObject({
        url: z
          .url({ protocol: /^https?$/ })
          .describe("Where new alerts are posted. Its host must stand in allow.hosts."),
        secret: z
          .union([z.string().min(16), z.strictObject({ env: z.string().min(1) })])
          .describe("Signs every call: at least 16 characters, or { env: NAME }."),
        timeoutMs: z.int().positive().default(30_000),
      })
      .optional()
      .describe("Who is told of new alerts, by `stargate serve`."),
    tenant: z.string().min(1).default(localTenant).describe("Whose keys may see it."),
  })
  .refine(({ stac, scenes }) => (stac === undefined) !== (scenes === undefined), {
    error: 'expected either "stac" or "scenes"',
  });

/** Part `watches` of the configuration. */
export const watchesSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9-]*$/, "names of watches are kebab-case"),
  watchSchema,
);

export type WatchDefinition = Readonly<z.output<typeof watchSchema>>;
