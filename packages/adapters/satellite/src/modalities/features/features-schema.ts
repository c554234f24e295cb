import type { Json } from "@stargate/kernel";
import { z } from "zod";

/** [longitude, latitude] in degrees (WGS 84); a height may follow. */
const positionSchema = z.tuple([z.number(), z.number()], z.number()).readonly();
const lineSchema = z.array(positionSchema).readonly();
const ringsSchema = z.array(lineSchema).readonly();

const polygonSchema = z.looseObject({ type: z.literal("Polygon"), coordinates: ringsSchema });
const multiPolygonSchema = z.looseObject({
  type: z.literal("MultiPolygon"),
  coordinates: z.array(ringsSchema).readonly(),
});

/** Geometries that have an area. */
export const polygonalSchema = z.discriminatedUnion("type", [polygonSchema, multiPolygonSchema]);

export const geometrySchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("Point"), coordinates: positionSchema }),
  z.looseObject({ type: z.literal("MultiPoint"), coordinates: lineSchema }),
  z.looseObject({ type: z.literal("LineString"), coordinates: lineSchema }),
  z.looseObject({ type: z.literal("MultiLineString"), coordinates: ringsSchema }),
  polygonSchema,
  multiPolygonSchema,
]);

const jsonSchema = z.json() as z.ZodType<Json>; // the same values; z.json() has no read-only arrays

export const featureSchema = z.looseObject({
  type: z.literal("Feature"),
  id: z.union([z.string(), z.number()]).optional(),
  geometry: geometrySchema.nullable(),
  properties: z.record(z.string(), jsonSchema).readonly().nullable(),
});

/** GeoJSON of RFC 7946: a collection of features, members of others kept. */
export const featuresSchema = z.looseObject({
  type: z.literal("FeatureCollection"),
  features: z.array(featureSchema).readonly(),
});

export type Position = z.infer<typeof positionSchema>;
export type Polygonal = Readonly<z.infer<typeof polygonalSchema>>;
export type Geometry = Readonly<z.infer<typeof geometrySchema>>;
export type Feature = Readonly<z.infer<typeof featureSchema>>;
export type Features = Readonly<z.infer<typeof featuresSchema>>;
