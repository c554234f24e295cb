import type { Grid } from "../grid/grid.ts";
import { pixelSize } from "../grid/affine.ts";
import { cloudBand } from "../mask/cloud-band.ts";
import { pixelStates, statesOf } from "../mask/clear-pixels.ts";
import type { MaskOption, MaskTask } from "../mask/mask-options.ts";
import { planMask, planVeil, type MaskPlan } from "../mask/plan-mask.ts";
import type { Raster, RasterBand } from "../modalities/raster/raster-schema.ts";
import { sampleLattice, sceneSample } from "../radiometry/band-sample.ts";
import { decideRadiometry } from "../radiometry/decide-radiometry.ts";
import type { RadiometryDecision, RadiometryOption } from "../radiometry/radiometry-decision.ts";
import { findBand } from "./find-band.ts";
import { readOnto } from "./onto/read-onto.ts";
import type { Resampling } from "./onto/sampling.ts";
import { openBand, type OpenBand, type ReadContext } from "./open-band.ts";

export interface OpenSceneOptions {
  /** Common names of the bands: "red", "nir", "swir22". */
  readonly bands: readonly string[];
  readonly task: MaskTask;
  readonly mask?: MaskOption | undefined;
  readonly radiometry?: RadiometryOption | undefined;
}

/** Reflectance of a piece of a scene, on the grid that was asked for. */
export interface SceneValues {
  readonly grid: Grid;
  /** By the names asked for; NaN where the pixel is not clear or nothing was observed. */
  readonly bands: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
  /** See `pixelStates`: 0 unobserved, 1 masked, 2 clear. */
  readonly states: Uint8Array<ArrayBuffer>;
  readonly observedPixels: number;
  readonly clearPixels: number;
}

/** A band of a scene, and what makes the quantity of its numbers: number · scale + offset. */
export interface SceneBand {
  readonly name: string;
  readonly open: OpenBand;
  /** Whether it is a quantity, which may be interpolated; classes and bits are none. */
  readonly isMeasured: boolean;
  readonly scale: number;
  readonly offset: number;
}

/** A scene whose bands, mask and radiometry are settled; numbers are read piece by piece. */
export interface OpenScene {
  readonly raster: Raster;
  /** Grid of the finest band that was asked for. */
  readonly grid: Grid;
  readonly mask: MaskPlan;
  /** Undefined when no band holds reflectance. */
  readonly radiometry: RadiometryDecision | undefined;
  /** What the receipt should say: grids that differ, stand-in bands. */
  readonly notes: readonly string[];
  /** The bands that were asked for, for who reads them by themselves. */
  readonly bands: readonly SceneBand[];
  /** The band of the mask, whose numbers `mask.isClear` understands; undefined where there is none. */
  readonly maskBand: OpenBand | undefined;
  /** States of the pixels of a grid by the mask alone; undefined where there is none. See `pixelStates`. */
  states(target: Grid): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /**
   * Reflectance on any grid. Measurements are resampled ("bilinear", or "average" where the target is coarser), classes
   * and bits always by the nearest pixel.
   */
  read(target: Grid, options?: { readonly resampling?: Resampling | undefined }): Promise<SceneValues>;
}

/** Bands that tell whether a reading is right, the most telling first. */
const telling = ["green", "red", "swir22", "blue", "swir16"];

/** How many of them are looked at, besides those asked for. */
const TELLING_BANDS = 4;

/**
 * Opens a scene for a task: settles the mask first (it costs nothing), opens the bands, and decides the radiometry from
 * metadata and pixels. Throws SG_SATELLITE_MASK, SG_SATELLITE_BAND, SG_SATELLITE_RADIOMETRY, SG_SATELLITE_GRID, and what
 * reading throws.
 */
export async function openScene(raster: Raster, options: OpenSceneOptions, context: ReadContext): Promise<OpenScene> {
  const { task, radiometry: option = "auto" } = options;
  const mask = planMask(raster, { task, mask: options.mask });
  const wanted = options.bands.map((name) => ({ name, band: findBand(raster, name) }));
  const opened = new Map<RasterBand, Promise<OpenBand>>();
  const open = (band: RasterBand): Promise<OpenBand> => {
    const known = opened.get(band) ?? openBand(band, context);
    opened.set(band, known);
    return known;
  };
  const [maskBand, ...bands] = await Promise.all([
    mask.band === undefined ? undefined : open(mask.band),
    ...wanted.map(async ({ name, band }) => ({ name, holds: band.holds, open: await open(band) })),
  ]);
  const maskSource =
    maskBand !== undefined && mask.probability !== undefined ? cloudBand(maskBand, mask.probability) : maskBand;
  const witness = option === "auto" ? await findWitness(raster, { mask, source: maskSource }, open) : undefined;
  const finest = bands.reduce((best, one) => (pixelArea(one.open.grid) < pixelArea(best.open.grid) ? one : best));
  const notes = [
    ...new Set(bands.flatMap((one) => one.open.notes)),
    ...bands.flatMap(({ name, open: { name: real } }) => (real === name ? [] : [`"${real}" stands in for "${name}"`])),
    ...differences(bands.map((one) => one.open)),
  ];
  const radiometry = wanted.some(({ band }) => band.holds === "reflectance")
    ? await settleRadiometry(raster, { option, open, wanted: wanted.map(({ band }) => band), witness })
    : undefined;
  const sceneBands = bands.map(({ name, holds, open: band }): SceneBand => {
    const { scale, offset } = holds === "reflectance" && radiometry !== undefined ? radiometry : band;
    const isMeasured = holds !== "classes" && holds !== "bits";
    return { name, open: band, isMeasured, scale: scale ?? 1, offset: offset ?? 0 };
  });
  const { signal } = context;
  const isUndecided = radiometry?.confidence === 0;
  const statesOn = async (target: Grid): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    const length = target.widthPixels * target.heightPixels;
    if (maskSource === undefined) return isUndecided ? new Uint8Array(length).fill(pixelStates.masked) : undefined;
    const states = statesOf(mask, await readOnto(maskSource, target, { resampling: "nearest", signal }));
    // Nothing counts of a scene whose radiometry could not be decided.
    return isUndecided ? states.map((state) => Math.min(state, pixelStates.masked)) : states;
  };

  return {
    raster,
    grid: finest.open.grid,
    mask,
    radiometry,
    notes,
    bands: sceneBands,
    maskBand: maskSource,
    states: statesOn,
    async read(target, { resampling = "bilinear" } = {}) {
      const [known, ...numbers] = await Promise.all([
        statesOn(target),
        ...sceneBands.map(async ({ name, open: band, isMeasured, scale, offset }) => {
          const values = await readOnto(band, target, { resampling: isMeasured ? resampling : "nearest", signal });
          return { name, values: scaled(values, scale, offset) };
        }),
      ]);
      const length = target.widthPixels * target.heightPixels;
      const states = known ?? new Uint8Array(length).fill(pixelStates.clear);
      for (const { values } of numbers)
        for (let index = 0; index < length; index++)
          if (Number.isNaN(values[index])) states[index] = pixelStates.unobserved;
      for (const { values } of numbers)
        for (let index = 0; index < length; index++)
          if (states[index] !== pixelStates.clear) values[index] = Number.NaN;
      let observedPixels = 0;
      let clearPixels = 0;
      for (const state of states) {
        if (state !== pixelStates.unobserved) observedPixels++;
        if (state === pixelStates.clear) clearPixels++;
      }
      return {
        grid: target,
        bands: Object.fromEntries(numbers.map(({ name, values }) => [name, values])),
        states,
        observedPixels,
        clearPixels,
      };
    },
  };
}

const pixelArea = (grid: Grid): number => pixelSize(grid).reduce((area, side) => area * side, 1);

function differences(bands: readonly OpenBand[]): readonly string[] {
  const systems = [...new Set(bands.map(({ grid }) => grid.crs))];
  const sizes = [...new Set(bands.map(({ grid }) => pixelSize(grid)[0]))];
  return [
    ...(systems.length > 1 ? [`bands lie in ${systems.join(" and ")}`] : []),
    ...(sizes.length > 1 ? [`bands have pixels of ${sizes.join(" and ")} units`] : []),
  ];
}

function scaled(
  values: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>,
  scale: number,
  offset: number,
): Float32Array<ArrayBuffer> {
  const output = values instanceof Float32Array ? values : new Float32Array(values.length);
  for (let index = 0; index < values.length; index++) output[index] = (values[index] as number) * scale + offset; // within bounds
  return output;
}

interface RadiometryWork {
  readonly option: RadiometryOption;
  readonly wanted: readonly RasterBand[];
  /** Tells which pixels are clear; undefined where nothing does. */
  readonly witness: { readonly mask: MaskPlan; readonly source: OpenBand } | undefined;
  readonly open: (band: RasterBand) => Promise<OpenBand>;
}

/** The mask that pixels are judged by: the product's own against clouds, or the one in use. */
async function findWitness(
  raster: Raster,
  used: { readonly mask: MaskPlan; readonly source: OpenBand | undefined },
  open: (band: RasterBand) => Promise<OpenBand>,
): Promise<RadiometryWork["witness"]> {
  const veil = planVeil(raster);
  if (veil?.band !== undefined) return { mask: veil, source: await open(veil.band) };
  return used.source === undefined ? undefined : { mask: used.mask, source: used.source };
}

async function settleRadiometry(
  raster: Raster,
  { option, open, wanted, witness }: RadiometryWork,
): Promise<RadiometryDecision> {
  const measured = wanted.filter(({ holds }) => holds === "reflectance");
  const witnesses =
    option === "auto" ? telling.flatMap((name) => raster.bands.filter((band) => band.name === name)) : [];
  const asked = [...new Set([...witnesses.slice(0, TELLING_BANDS), ...measured])];
  const bands = await Promise.all(asked.map(open));
  const stated = bands.map(({ name, scale, offset }) => ({ band: name, scale, offset }));
  if (option !== "auto") return decideRadiometry({ raster, stated, sample: { bands: [], isMasked: false }, option });
  const [states, ...read] = await Promise.all([
    witness === undefined
      ? undefined
      : sampleLattice(witness.source).then((numbers) => statesOf(witness.mask, numbers)),
    ...bands.map(async (band) => ({ band, numbers: await sampleLattice(band) })),
  ]);
  const isClear = states === undefined ? undefined : (point: number): boolean => states[point] === pixelStates.clear;
  return decideRadiometry({ raster, stated, sample: sceneSample(read, isClear), option });
}
