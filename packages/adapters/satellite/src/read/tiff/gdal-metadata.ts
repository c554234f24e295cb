import type { Directory } from "./directory.ts";
import { tags } from "./tags.ts";

/** What GDAL wrote about a sample. */
export interface SampleMetadata {
  readonly scale: number | undefined;
  readonly offset: number | undefined;
  readonly description: string | undefined;
}

/**
 * Scale, offset and description of a sample from GDAL's XML:
 * `<Item name="SCALE" sample="0" role="scale">0.0001</Item>`. Damaged XML says nothing.
 */
export function sampleMetadata(directory: Directory, sample: number): SampleMetadata {
  const xml = directory.text(tags.gdalMetadata) ?? "";
  const byRole = new Map<string, string>();
  for (const [, attributes = "", value = ""] of xml.matchAll(/<Item\s([^>]*)>([^<]*)<\/Item>/g)) {
    const role = /\brole="([^"]*)"/.exec(attributes)?.[1];
    if (role !== undefined && Number(/\bsample="(\d+)"/.exec(attributes)?.[1] ?? 0) === sample)
      byRole.set(role, value.trim());
  }
  return {
    scale: finiteNumber(byRole.get("scale")),
    offset: finiteNumber(byRole.get("offset")),
    description: byRole.get("description"),
  };
}

/** The number that says that nothing was observed; GDAL writes it as text, "nan" included. */
export function nodataOf(directory: Directory): number | undefined {
  const text = directory.text(tags.gdalNodata)?.trim().toLowerCase();
  if (text === undefined || text === "") return undefined;
  if (text === "nan" || text === "-nan") return Number.NaN;
  return finiteNumber(text);
}

function finiteNumber(text: string | undefined): number | undefined {
  const value = text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
