import { isStargateError } from "@stargate/kernel";
import { describe, expect, it } from "vitest";
import type { Raster } from "../modalities/raster/raster-schema.ts";
import type { Product } from "../products/product.ts";
import { statesOf } from "./clear-pixels.ts";
import { type MaskTask, maskTasks } from "./mask-options.ts";
import { planMask } from "./plan-mask.ts";

const scene = (product: Product, bands: readonly string[]): Raster => ({
  id: "scene",
  product,
  bands: bands.map((name) => ({
    name,
    holds: "bits",
    sample: 0,
    source: { kind: "values", values: new Uint8Array(1) },
  })),
});
const clear = (product: Product, band: string, task: MaskTask, value: number): boolean =>
  planMask(scene(product, [band]), { task }).isClear(value);
const refusal = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    return isStargateError(error) ? error.code : String(error);
  }
  return "nothing was thrown";
};

describe("the mask of a task", () => {
  it("never masks snow for a glacier, in any product, and always clouds and their shadows", () => {
    const codes = [
      // snow, cloud, shadow
      ["sentinel-2-l2a", "scl", 11, 9, 3],
      ["landsat-c2-l2", "qa_pixel", 1 << 5, 1 << 3, 1 << 4],
      ["landsat-ard", "pixelqa", 1 << 4, 1 << 5, 1 << 3],
      ["hls", "fmask", 1 << 4, 1 << 1, 1 << 3],
    ] as const;
    for (const [product, band, snow, cloud, shadow] of codes) {
      expect(clear(product, band, "glacier", snow)).toBe(true);
      expect(clear(product, band, "vegetation", snow)).toBe(false);
      for (const task of maskTasks)
        expect([clear(product, band, task, cloud), clear(product, band, task, shadow)]).toEqual([false, false]);
    }
  });

  it("reads the same number by the layout of its product", () => {
    // Bit 3 is a cloud in collection 2 and a cloud shadow in ARD; bit 1 a dilated cloud and "clear"; bit 6 is clear in one.
    expect(clear("landsat-c2-l2", "qa_pixel", "vegetation", 1 << 1)).toBe(false);
    expect(clear("landsat-ard", "qa_pixel", "vegetation", 1 << 1)).toBe(true);
    // Numbers of real files: clear land of Landsat 8 collection 2, and high cloud.
    expect(clear("landsat-c2-l2", "qa_pixel", "vegetation", 21_824)).toBe(true);
    expect(clear("landsat-c2-l2", "qa_pixel", "vegetation", 22_280)).toBe(false);
    // Both bits of cirrus in ARD are high confidence, one of them is not.
    expect(clear("landsat-ard", "pixelqa", "vegetation", (1 << 1) | (3 << 8))).toBe(false);
    expect(clear("landsat-ard", "pixelqa", "vegetation", (1 << 1) | (1 << 8))).toBe(true);
    // HLS: aerosol level high, otherwise clear.
    expect(clear("hls", "fmask", "vegetation", 0b1100_0000)).toBe(true);
  });

  it("keeps dark pixels for vegetation and drops them for a glacier in mountains", () => {
    expect([clear("sentinel-2-l2a", "scl", "vegetation", 2), clear("sentinel-2-l2a", "scl", "glacier", 2)]).toEqual([
      true,
      false,
    ]);
    expect(clear("sentinel-2-l2a", "scl", "burn", 6)).toBe(false);
  });

  it("is refused when there is none and nobody said none", () => {
    const task = "vegetation";
    expect(refusal(() => planMask(scene("sentinel-2-l2a", ["red"]), { task }))).toBe("SG_SATELLITE_MASK");
    expect(refusal(() => planMask(scene("other", ["qa_pixel"]), { task }))).toBe("SG_SATELLITE_MASK");
    expect(planMask(scene("other", ["red"]), { task, mask: "none" }).kind).toBe("none");
    const mask = { kind: "classes", band: "scl", masked: [9] } as const;
    expect(refusal(() => planMask(scene("other", ["red"]), { task, mask }))).toBe("SG_SATELLITE_BAND");
  });

  it("is told by classes or bits of any band", () => {
    const bits = planMask(scene("other", ["flags"]), {
      task: "vegetation",
      mask: { kind: "bits", band: "flags", masked: [0, 31] },
    });
    expect([0, 1, 2, 2 ** 31].map((value) => bits.isClear(value))).toEqual([true, false, true, false]);
    const classes = planMask(scene("other", ["kind"]), {
      task: "burn",
      mask: { kind: "classes", band: "kind", masked: [7] },
    });
    expect([...statesOf(classes, [7, 8, Number.NaN])]).toEqual([1, 2, 0]);
  });

  it("knows what certainty is in the bands of probabilities, or leaves it to the kind of numbers", () => {
    const scaleOf = (band: string) =>
      planMask(scene("other", [band]), { task: "burn", mask: { kind: "probability" } }).probability;
    expect(scaleOf("clp")).toEqual({ threshold: 0.4, fullScale: undefined, averageOver: 4, dilation: 2 });
    expect(scaleOf("cloud-probability")?.threshold).toBe(0.4);
  });
});
