import { describe, expect, test } from "vitest";
import { imageDpi, rasterDpi } from "./page-size.ts";

const a4 = { widthPoints: 595, heightPoints: 842 };

describe("resolution of a raster", () => {
  test("is the one asked for while the page fits", () => {
    expect(rasterDpi(a4, 300, 50_000_000)).toBe(300);
  });

  test("goes down as far as it must on a poster", () => {
    const dpi = rasterDpi({ widthPoints: 2384, heightPoints: 3370 }, 300, 50_000_000); // A0
    expect(dpi).toBe(179);
    expect((2384 / 72) * dpi * (3370 / 72) * dpi).toBeLessThanOrEqual(50_000_000);
  });

  test("does not go below what can be read", () => {
    expect(() => rasterDpi({ widthPoints: 14_173, heightPoints: 14_173 }, 300, 50_000_000)).toThrow(
      expect.objectContaining({ code: "SG_INPUT_TOO_LARGE", message: expect.stringContaining("500 x 500 cm") }),
    );
  });
});

describe("resolution of a page image", () => {
  test.each([
    ["stated and plausible", 2480, 3508, 300, 300],
    ["a scan that claims to be a screen", 2550, 3300, 72, 300],
    ["a scan that states nothing", 1654, 2339, undefined, 200],
    ["a screenshot", 1024, 768, 96, 96],
    ["a photo from a camera", 4000, 3000, 72, 400],
  ])("of %s", (_name, widthPixels, heightPixels, stated, dpi) => {
    expect(imageDpi({ widthPixels, heightPixels }, stated)).toBe(dpi);
  });
});
