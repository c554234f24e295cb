import { z } from "zod";

/** Only what is read; catalogues say much more. */
const bandSchema = z.looseObject({
  name: z.string().optional().catch(undefined),
  common_name: z.string().optional().catch(undefined),
  "eo:common_name": z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  nodata: z
    .union([z.number(), z.literal(["nan", "inf", "-inf"])])
    .nullish()
    .catch(undefined),
  scale: z.number().nullish().catch(undefined),
  offset: z.number().nullish().catch(undefined),
  "raster:scale": z.number().nullish().catch(undefined),
  "raster:offset": z.number().nullish().catch(undefined),
});

const assetSchema = z.looseObject({
  href: z.string().min(1),
  type: z.string().nullish().catch(undefined),
  title: z.string().nullish().catch(undefined),
  roles: z.array(z.string()).nullish().catch(undefined),
  bands: z.array(bandSchema).optional().catch(undefined),
  "eo:bands": z.array(bandSchema).optional().catch(undefined),
  "raster:bands": z.array(bandSchema).optional().catch(undefined),
  nodata: z.number().nullish().catch(undefined),
  "raster:scale": z.number().nullish().catch(undefined),
  "raster:offset": z.number().nullish().catch(undefined),
});

const linkSchema = z.looseObject({
  rel: z.string(),
  href: z.string(),
  method: z.string().optional().catch(undefined),
  body: z.record(z.string(), z.json()).optional().catch(undefined),
  merge: z.boolean().optional().catch(undefined),
});

export const itemSchema = z.looseObject({
  type: z.literal("Feature"),
  stac_version: z.string(),
  id: z.string().min(1),
  collection: z.string().nullish().catch(undefined),
  bbox: z.array(z.number()).nullish().catch(undefined),
  properties: z.record(z.string(), z.unknown()),
  links: z.array(linkSchema).default([]).catch([]),
  assets: z.record(z.string(), assetSchema),
});

/** An answer of a search: its items are looked at one by one, so that one bad item does not spoil the page. */
export const itemCollectionSchema = z.looseObject({
  type: z.literal("FeatureCollection"),
  features: z.array(z.unknown()),
  links: z.array(linkSchema).default([]).catch([]),
});

export type StacItem = z.infer<typeof itemSchema>;
export type StacAsset = z.infer<typeof assetSchema>;
export type StacBand = z.infer<typeof bandSchema>;
export type StacLink = z.infer<typeof linkSchema>;
