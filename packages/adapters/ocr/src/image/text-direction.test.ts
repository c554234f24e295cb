import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Component } from "./components.ts";
import { findTextDirection, type QuarterTurn } from "./text-direction.ts";

const seed = 20_261_121;

/** Letters of a page of Latin text: half stand at x-height, a third rise, a tenth hang below the base line. */
function lettersOfPage(skewDegrees: number, turnDegrees: QuarterTurn, random: () => number): readonly Component[] {
  const letters: Component[] = [];
  const radians = ((skewDegrees + turnDegrees) * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(radians), Math.sin(radians)];
  for (let line = 0; line < 36; line++) {
    for (let column = 0; column < 60; column++) {
      const kind = random();
      if (kind < 0.15) continue; // a space
      const [above, below] = kind < 0.55 ? [10, 0] : kind < 0.88 ? [15, 0] : [10, 5];
      const [x, y] = [column * 14 - 420, line * 26 - 470];
      // The letter's box after the page was turned: its centre moves, its sides swap for quarter turns.
      const [centreX, centreY] = [x + 5, y + (below - above) / 2];
      const [turnedX, turnedY] = [centreX * cosine - centreY * sine, centreX * sine + centreY * cosine];
      const isSideways = turnDegrees % 180 !== 0;
      const [halfWidth, halfHeight] = isSideways ? [(above + below) / 2, 4.5] : [4.5, (above + below) / 2];
      const jitter = (random() - 0.5) * 0.8;
      letters.push({
        left: turnedX - halfWidth + jitter,
        right: turnedX + halfWidth + jitter,
        top: turnedY - halfHeight + jitter,
        bottom: turnedY + halfHeight + jitter,
        area: 50,
      });
    }
  }
  return letters;
}

function seeded(value: number): () => number {
  let state = value >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("direction of text", () => {
  test(`finds any skew within 10 degrees to 0.2 degrees (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.double({ min: -10, max: 10, noNaN: true }), fc.nat(), (skew, letterSeed) => {
        const found = findTextDirection(lettersOfPage(skew, 0, seeded(letterSeed)), { sizePixels: 12 });
        expect(found.turnDegrees).toBe(0);
        expect(Math.abs(found.skewDegrees - skew)).toBeLessThan(0.2);
      }),
      { seed, numRuns: 60 },
    );
  });

  test.each([0, 90, 180, 270] as const)("knows a page turned clockwise by %i degrees, with skew on top", (turn) => {
    const found = findTextDirection(lettersOfPage(-3.4, turn, seeded(7)), { sizePixels: 12 });
    expect(found.turnDegrees).toBe(turn);
    expect(found.skewDegrees).toBeCloseTo(-3.4, 0);
    expect(found.margin).toBeGreaterThan(1.12);
    expect(found.gain).toBeGreaterThan(2);
  });

  test("sees no lines in strewn specks", () => {
    const random = seeded(3);
    const specks = Array.from({ length: 800 }, () => {
      const [left, top] = [random() * 1000, random() * 1000];
      return { left, top, right: left + 10, bottom: top + 10, area: 60 };
    });
    expect(findTextDirection(specks, { sizePixels: 10 }).gain).toBeLessThan(1.6);
  });

  test("takes a page without letters for upright", () => {
    expect(findTextDirection([], { sizePixels: 0 })).toMatchObject({ turnDegrees: 0, skewDegrees: 0, margin: 1 });
  });
});
