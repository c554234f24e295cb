import { describe, expect, it } from "vitest";
import { degreeGrid } from "../alerts/alerts.fixture.ts";
import { burnSeverity } from "./burn-severity.ts";
import { medianComposite } from "./median-composite.ts";
import { classifySeverity } from "./severity-classes.ts";

const grid = degreeGrid(4, 3);
const toLonLat = (x: number, y: number) => [x, y] as const;

describe("burn severity", () => {
  it("has its classes where the USGS has them", () => {
    const values = Float32Array.of(-0.5, 0.0999, 0.1, 0.2699, 0.27, 0.44, 0.6599, 0.66, 1.3, Number.NaN);
    expect([...classifySeverity(values)]).toEqual([0, 0, 1, 1, 2, 3, 3, 4, 4, 255]);
  });

  it("counts hectares of every class, and clouds as what was not observed", () => {
    const before = new Float32Array(12).fill(0.64);
    const after = Float32Array.of(0.64, 0.44, 0.3, 0.1, 0.64, -0.1, 0.64, 0.1, Number.NaN, 0.64, 0.64, 0.64);
    const { dnbr, rdnbr, hectares, places } = burnSeverity(before, after, { grid, toLonLat });
    expect(dnbr[5]).toBeCloseTo(0.74, 6);
    expect(rdnbr[5]).toBeCloseTo(0.74 / 0.8, 6);
    expect(hectares.rows.map(([name, , pixels]) => [name, pixels])).toEqual([
      ["unburned", 6],
      ["low", 1],
      ["moderate-low", 1],
      ["moderate-high", 2],
      ["high", 1],
      ["unobserved", 1],
    ]);
    const pixel = Number(hectares.rows[1]![1]);
    expect(pixel).toBeCloseTo(0.0086, 4);
    expect(places.features.map(({ properties }) => properties)).toEqual([
      {
        kind: "burn",
        areaHectares: expect.closeTo(5 * pixel, 3),
        pixels: 5,
        medianDnbr: 0.54,
        hectaresByClass: {
          low: expect.closeTo(pixel, 4),
          "moderate-low": expect.closeTo(pixel, 4),
          "moderate-high": expect.closeTo(2 * pixel, 4),
          high: expect.closeTo(pixel, 4),
        },
      },
    ]);
  });

  it("takes off what the season did, and looks only where it is asked", () => {
    const before = new Float32Array(12).fill(0.5);
    const after = new Float32Array(12).fill(0.35);
    const inside = Uint8Array.from({ length: 12 }, (_, pixel) => (pixel < 4 ? 1 : 0));
    const { hectares, places } = burnSeverity(before, after, { grid, toLonLat, inside, seasonOffset: 0.1 });
    expect(hectares.rows.map(([, , pixels]) => pixels)).toEqual([4, 0, 0, 0, 0, 0]);
    expect(places.features).toEqual([]);
  });

  it("refuses pictures of different sizes", () => {
    expect(() => burnSeverity(new Float32Array(12), new Float32Array(11), { grid, toLonLat })).toThrow(
      "Before has 12 pixels, after 11; the grid has 12",
    );
  });

  it("compares medians of what was clear", () => {
    const days = Float64Array.of(1, 2, 3, 4);
    const values = Float32Array.of(0.1, Number.NaN, 0.5, 9, Number.NaN, Number.NaN, Number.NaN, 9);
    const [one, other] = medianComposite({ days, values, pixels: 2 }, 1, 4);
    expect(one).toBeCloseTo(0.3, 6);
    expect(other).toBeNaN();
  });
});
