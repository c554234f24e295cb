import { describe, expect, it } from "vitest";
import { formatJson, formatTable } from "./report.ts";
import { meets, result } from "./result.ts";

describe("goals", () => {
  it.each([
    [30, "<= 30", true],
    [30.01, "<= 30", false],
    [0.6, ">= 0.6", true],
    [0.59, ">= 0.6", false],
    [Number.NaN, "<= 30", false],
    [Number.NaN, ">= 0.6", false],
  ])("%d against %s: %s", (value, goal, met) => {
    expect(meets(value, goal)).toBe(met);
  });

  it.each(["< 30", "30", "<= thirty", "<=30"])("are refused when nobody could check them: %s", (goal) => {
    expect(() => meets(1, goal)).toThrow(RangeError);
  });

  it("are decided on the measured value, not on the rounded one", () => {
    expect(result("time", 30.0001, "ms", { goal: "<= 30" })).toEqual({
      name: "time",
      value: 30,
      unit: "ms",
      goal: "<= 30",
      met: false,
      baseline: null,
    });
  });
});

describe("reports", () => {
  const results = [
    result("rate", 12_345.6, "1/s", { goal: ">= 10000", baseline: 20_000 }),
    result("memory", 161, "MiB", { goal: "<= 160" }),
    result("told only", 1, "x"),
  ];

  it("are one line of JSON for machines", () => {
    const text = formatJson("gateway", results);
    expect(text).not.toContain("\n");
    expect(JSON.parse(text)).toEqual({
      suite: "gateway",
      results: [
        { name: "rate", value: 12_350, unit: "1/s", goal: ">= 10000", met: true, baseline: 20_000 },
        { name: "memory", value: 161, unit: "MiB", goal: "<= 160", met: false, baseline: null },
        { name: "told only", value: 1, unit: "x", goal: null, met: null, baseline: null },
      ],
    });
  });

  it("are a table for people, the goal beside each value", () => {
    expect(formatTable("gateway", results).split("\n")).toEqual([
      "gateway    value      goal              baseline",
      "---------  ---------  --------  ------  ---------",
      "rate       12350 1/s  >= 10000  met     20000 1/s",
      "memory     161 MiB    <= 160    MISSED",
      "told only  1 x",
    ]);
  });
});
