import { describe, expect, test } from "vitest";
import { declaredQuality, learnLevel, learnQuality, levelOf, noLevel, predictQuality } from "./quality.ts";
import { declaredRatio, learnRatio } from "./ratio.ts";

const repeat = <T>(count: number, from: T, step: (value: T) => T): T =>
  Array.from({ length: count }).reduce<T>((value) => step(value), from);

describe("quality", () => {
  test("is what was declared, less surely so than after many observations", () => {
    const declared = declaredQuality(0.8);
    const seen = repeat(100, declared, (known) => learnQuality(known, 0.8, 1));
    expect(predictQuality(declared).mean).toBe(0.8);
    expect(predictQuality(seen).deviation).toBeLessThan(predictQuality(declared).deviation);
  });

  test("follows a variant that became worse", () => {
    const good = repeat(1000, declaredQuality(0.9), (known) => learnQuality(known, 0.9, 1));
    expect(repeat(300, good, (known) => learnQuality(known, 0.5, 1)).mean).toBeLessThan(0.6);
  });

  test("never leaves 0 to 1", () => {
    expect(repeat(50, declaredQuality(0.99), (known) => learnQuality(known, 1.4, 1)).mean).toBeLessThanOrEqual(1);
    expect(repeat(500, declaredQuality(0.01), (known) => learnQuality(known, -3, 1)).mean).toBeGreaterThanOrEqual(0);
  });

  test("of a variant is not lowered by people who never give full marks", () => {
    let level = noLevel;
    let known = declaredQuality(1);
    for (let score = 0; score < 200; score++) {
      level = learnLevel(level, 0.7, 1, 1);
      known = learnQuality(known, 0.7 / levelOf(level), 1);
    }
    expect(known.mean).toBeGreaterThan(0.97);
  });

  test("of the worse of two variants is told apart on anybody's scale", () => {
    let level = noLevel;
    let [best, other] = [declaredQuality(1), declaredQuality(1)];
    for (let score = 0; score < 300; score++) {
      level = learnLevel(level, 0.8, 1, 1);
      best = learnQuality(best, 0.8 / levelOf(level), 1);
      level = learnLevel(level, 0.5, 1, 1);
      other = learnQuality(other, 0.5 / levelOf(level), 1);
    }
    expect(best.mean - other.mean).toBeGreaterThan(0.2);
  });
});

describe("a price", () => {
  test("is taken over within three calls when it jumps", () => {
    const steady = repeat(100, declaredRatio, (ratio) => learnRatio(ratio, 1, 1));
    expect(repeat(3, steady, (ratio) => learnRatio(ratio, 3, 1)).value).toBeGreaterThan(2.4);
    expect(repeat(3, steady, (ratio) => learnRatio(ratio, 1 / 3, 1)).value).toBeLessThan(0.45);
  });

  test("of nothing declared says nothing", () => {
    expect(learnRatio(declaredRatio, 5, 0)).toBe(declaredRatio);
  });
});
