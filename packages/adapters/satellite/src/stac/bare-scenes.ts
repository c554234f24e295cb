import { basename } from "node:path";
import type { Raster, RasterBand } from "../modalities/raster/raster-schema.ts";
import { identifyBand, sensorOf } from "../products/band-names.ts";
import type { Product } from "../products/product.ts";
import { productOf } from "../products/product-of.ts";

/** A raster file without a catalogue. */
export interface BareFile {
  readonly path: string;
  /** Path inside the folder, for messages. */
  readonly name: string;
}

type BareBand = Pick<RasterBand, "name" | "holds"> & { readonly path: string };

export interface BareScene extends Pick<Raster, "id" | "product" | "acquiredAt" | "processing"> {
  readonly bands: readonly BareBand[];
}

/** 20200219, 2020-02-19, 20200219T112111; HLS writes year and day of the year: 2020050T104031. */
const dates =
  /(?<![0-9])(19[7-9]\d|20\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?:T(\d{2})-?:?(\d{2})-?:?(\d{2}))?(?![0-9])/;
const ordinalDates = /\.(19[7-9]\d|20\d\d)([0-3]\d\d)T(\d{2})(\d{2})(\d{2})(?![0-9])/;

/**
 * Gathers files into scenes by the date in their names; the last part of a name that is known is the band, a file without
 * one holds "value". Files without a date are left out, with a note.
 */
export function bareScenes(
  files: readonly BareFile[],
  product?: Product,
): { readonly scenes: readonly BareScene[]; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const scenes = new Map<string, BareScene & { bands: BareBand[] }>();
  for (const { path, name } of files) {
    const stem = basename(name).replace(/\.(?:tiff?|jp2)$/i, "");
    const acquiredAt = instantOf(stem);
    if (acquiredAt === undefined) {
      notes.push(`${name}: no date in its name`);
      continue;
    }
    const known = product ?? productOf({ id: stem });
    const sensor = sensorOf(known, stem, undefined);
    const parts = stem.split(/[_.]/);
    const whole = Array.from({ length: parts.length }, (_, index) => parts.slice(index).join("_"));
    const last = [...whole, ...parts.toReversed()].find((part) => identifyBand(part, sensor) !== undefined);
    const band = last === undefined ? undefined : identifyBand(last, sensor);
    const rest = last === undefined ? stem : stem.slice(0, Math.max(0, stem.length - last.length));
    const id = rest.replace(/[_.-]+$/, "") || stem;
    const scene = scenes.get(id) ?? {
      id,
      product: known,
      acquiredAt,
      bands: [] as BareBand[],
      ...processingOf(known, stem),
    };
    const added: BareBand = { path, ...(band ?? { name: "value", holds: "other" }) };
    if (scene.bands.some((other) => other.name === added.name))
      notes.push(`${name}: band "${added.name}" is there twice`);
    else scene.bands.push(added);
    scenes.set(id, scene);
  }
  return { scenes: [...scenes.values()], notes };
}

function processingOf(product: Product, stem: string): Pick<Raster, "processing"> {
  const [, major, minor] = /_N(\d\d)(\d\d)_/.exec(stem) ?? [];
  return product === "sentinel-2-l2a" && major !== undefined ? { processing: { baseline: `${major}.${minor}` } } : {};
}

function instantOf(stem: string): string | undefined {
  const ordinal = ordinalDates.exec(stem);
  if (ordinal !== null) {
    const [, year, day, hours, minutes, seconds] = ordinal.map(Number);
    return new Date(Date.UTC(year ?? 0, 0, day ?? 1, hours, minutes, seconds)).toISOString();
  }
  const found = dates.exec(stem);
  if (found === null) return undefined;
  const [, year, month, day, hours = 0, minutes = 0, seconds = 0] = found.map((part) => Number(part ?? 0));
  return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hours, minutes, seconds)).toISOString();
}
