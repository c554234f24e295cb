import { expect, test } from "vitest";
import { findComponents, textComponents } from "./components.ts";
import { findInk, inkShare } from "./ink-mask.ts";

function maskOf(rows: readonly string[]) {
  const widthPixels = rows[0]?.length ?? 0;
  const data = Uint8Array.from(Array.from(rows.join("")).map((character) => (character === "#" ? 1 : 0)));
  return { data, widthPixels, heightPixels: rows.length };
}

test("pixels that touch, corners included, are one component", () => {
  const components = findComponents(maskOf(["#..#", ".#..", "...#", "...#"]));
  expect(components).toEqual([
    { left: 0, top: 0, right: 2, bottom: 2, area: 2 },
    { left: 3, top: 0, right: 4, bottom: 1, area: 1 },
    { left: 3, top: 2, right: 4, bottom: 4, area: 2 },
  ]);
});

test("branches that meet further down are joined", () => {
  expect(findComponents(maskOf(["#...#", "#.#.#", "#####"]))).toEqual([
    { left: 0, top: 0, right: 5, bottom: 3, area: 10 },
  ]);
});

test("a branch that began later may lie on the left", () => {
  expect(findComponents(maskOf(["..#", "#.#", "###"]))).toEqual([{ left: 0, top: 0, right: 3, bottom: 3, area: 6 }]);
});

test("rules, specks and frames are no letters", () => {
  const letter = { left: 0, top: 0, right: 9, bottom: 12, area: 60 };
  const rule = { left: 0, top: 0, right: 400, bottom: 3, area: 1200 };
  const speck = { left: 0, top: 0, right: 1, bottom: 1, area: 1 };
  const frame = { left: 0, top: 0, right: 150, bottom: 150, area: 600 };
  expect(textComponents([letter, letter, letter, rule, speck, frame])).toEqual({
    letters: [letter, letter, letter],
    sizePixels: 12,
  });
});

test("ink is found on white, on grey and in a shadow, and none on empty paper", () => {
  const [width, height] = [120, 60];
  const paper = (at: number): number => 230 - Math.floor((at % width) * 1.2); // a shadow that grows to the right
  const image = Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return y >= 28 && y < 32 && x % 10 < 4 ? paper(at) * 0.3 : paper(at);
  });
  const ink = findInk({ data: image, widthPixels: width, heightPixels: height });
  expect(findComponents(ink)).toHaveLength(12);
  const empty = Uint8Array.from({ length: width * height }, (_, at) => paper(at));
  expect(inkShare(findInk({ data: empty, widthPixels: width, heightPixels: height }))).toBe(0);
});
