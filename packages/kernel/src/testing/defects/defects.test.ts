import { describe, expect, test } from "vitest";
import { adapterChecks } from "../conformance/adapter-checks.ts";
import { runChecks } from "../conformance/check.ts";
import { defects } from "./index.ts";
import { soundSubject } from "./sound-subject.ts";

describe("the conformance suite of adapters", () => {
  test("passes an adapter that conforms", async () => {
    expect(await runChecks(adapterChecks, soundSubject())).toEqual([]);
  });

  test.for(defects)(
    "catches an adapter that $name by $caughtBy alone",
    { timeout: 60_000 },
    async ({ caughtBy, subject }) => {
      const failures = await runChecks(adapterChecks, subject);
      expect(failures.map(({ id }) => id)).toEqual([caughtBy]);
    },
  );

  test("has a defect for every check", () => {
    const caught = new Set(defects.map(({ caughtBy }) => caughtBy));
    expect(adapterChecks.map(({ id }) => id).filter((id) => !caught.has(id))).toEqual([]);
  });

  test("knows at least twenty defects", () => {
    expect(defects.length).toBeGreaterThanOrEqual(20);
  });
});
