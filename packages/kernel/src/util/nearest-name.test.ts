import { describe, expect, test } from "vitest";
import { didYouMean, nearestName } from "./nearest-name.ts";

describe("nearestName", () => {
  test.each([
    ["concurency", "concurrency"],
    ["languagse", "languages"],
    ["dip", "dpi"],
    ["PAGES", "pages"],
  ])("%s means %s", (typed, meant) => {
    expect(nearestName(typed, ["dpi", "pages", "languages", "concurrency"])).toBe(meant);
  });

  test("a name like none of them has no nearest", () => {
    expect(nearestName("zebra", ["dpi", "pages"])).toBeUndefined();
    expect(didYouMean("zebra", ["dpi", "pages"])).toBe("");
  });

  test("of several candidates the nearest wins, the first among equals", () => {
    expect(nearestName("pagez", ["page", "pages", "paged"])).toBe("page");
    expect(didYouMean("paes", ["page", "pages"])).toBe(" (did you mean 'pages'?)");
  });
});
