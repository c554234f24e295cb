import { describe, expect, test } from "vitest";
import type { Condition } from "./condition.ts";
import { evaluateCondition } from "./evaluate-condition.ts";
import { readField, readKey } from "./field-path.ts";
import { matchesGlob } from "./glob.ts";

const subject = {
  descriptor: { mediaType: "image/png", pages: 3, scanned: true, title: null },
  value: { total: { amount: 12.5, currency: "EUR" }, lines: [{ name: "nails" }], note: "" },
};

describe("evaluateCondition", () => {
  test.each<[Condition, boolean]>([
    [{ field: "descriptor.pages", op: "==", value: 3 }, true],
    [{ field: "descriptor.pages", op: "==", value: "3" }, false],
    [{ field: "descriptor.pages", op: "!=", value: "3" }, true],
    [{ field: "value.total", op: "==", value: { currency: "EUR", amount: 12.5 } }, true],
    [{ field: "value.lines", op: "==", value: [{ name: "nails" }] }, true],
    [{ field: "value.lines", op: "==", value: { 0: { name: "nails" } } }, false],
    [{ field: "value.total.amount", op: "<", value: 12.5 }, false],
    [{ field: "value.total.amount", op: "<=", value: 12.5 }, true],
    [{ field: "value.total.amount", op: ">", value: 12 }, true],
    [{ field: "value.total.amount", op: ">=", value: 13 }, false],
    [{ field: "value.total.currency", op: "<", value: "USD" }, true],
    [{ field: "value.total.currency", op: "<", value: 5 }, false],
    [{ field: "value.missing", op: ">=", value: 0 }, false],
    [{ field: "value.missing", op: "!=", value: 0 }, true],
    [{ field: "value.total.currency", op: "in", value: ["USD", "EUR"] }, true],
    [{ field: "value.total.currency", op: "in", value: "EUR" }, false],
    [{ field: "descriptor.mediaType", op: "matches", value: "image/*" }, true],
    [{ field: "descriptor.pages", op: "matches", value: "*" }, false],
    [{ field: "value.lines.0.name", op: "==", value: "nails" }, true],
    [{ field: "value.lines.1.name", exists: false }, true],
    [{ field: "descriptor.title", exists: true }, false],
    [{ field: "value.note", exists: true }, true],
    [
      {
        all: [
          { field: "descriptor.scanned", op: "==", value: true },
          { field: "descriptor.pages", op: ">", value: 5 },
        ],
      },
      false,
    ],
    [
      {
        any: [
          { field: "descriptor.scanned", op: "==", value: true },
          { field: "descriptor.pages", op: ">", value: 5 },
        ],
      },
      true,
    ],
    [{ not: { field: "descriptor.scanned", op: "==", value: true } }, false],
  ])("%j is %s", (condition, expected) => {
    expect(evaluateCondition(condition, subject)).toBe(expected);
  });

  test("a value that is no object can be looked at, too", () => {
    expect(evaluateCondition({ field: "value", op: ">", value: 3 }, { descriptor: {}, value: 4 })).toBe(true);
  });
});

describe("readField", () => {
  test("no path leaves the data: prototypes, methods and getters of classes do not exist", () => {
    class Secret {
      readonly open = 1;
      get key(): string {
        return "secret";
      }
    }
    for (const path of ["__proto__", "constructor", "constructor.prototype", "toString", "key", "length.constructor"]) {
      expect(readField(new Secret(), path), path).toBeUndefined();
    }
    expect(readField(new Secret(), "open")).toBe(1);
    expect(readField("text", "length")).toBeUndefined();
  });

  test("keys are text; an absent one is no key", () => {
    const value = { camera: "gate", lane: 3, place: { hall: 1 }, none: null };
    expect(["camera", "lane", "place", "none", "missing"].map((path) => readKey(value, path))).toEqual([
      "gate",
      "3",
      '{"hall":1}',
      undefined,
      undefined,
    ]);
  });
});

describe("matchesGlob", () => {
  test.each([
    ["image/png", "image/*", true],
    ["image/png", "*/png", true],
    ["image/png", "image/?ng", true],
    ["image/png", "image", false],
    ["", "*", true],
    ["", "?", false],
    ["a.b", "a?b", true],
    ["abcabd", "*abd", true],
    ["[a]", "[a]", true],
    ["a", "[a]", false],
  ])("%s fits %s: %s", (text, pattern, expected) => {
    expect(matchesGlob(text, pattern)).toBe(expected);
  });

  test("a pattern of many stars does not explode", () => {
    // Exponential matchers need more than 10^20 steps for this one.
    expect(matchesGlob("a".repeat(5000), `${"*a".repeat(40)}b`)).toBe(false);
  });
});
