import { describe, expect, it } from "vitest";
import { policyOfStep } from "./step-policy.ts";

describe("the policy of a step", () => {
  it("has the run's fields, but not the limits of the whole run", () => {
    expect(policyOfStep({ deadlineMs: 1000, completeness: 0.9, degrade: "never" }, "a")).toEqual({ degrade: "never" });
  });

  it("overrides them, along the path of enclosing steps", () => {
    const policy = {
      compute: { pool: "cpu" },
      degrade: "allow",
      steps: { read: { degrade: "never", steps: { ocr: { compute: { pool: "gpu" }, deadlineMs: 50 } } } },
    } as const;
    expect(policyOfStep(policy, "read/ocr")).toEqual({ compute: { pool: "gpu" }, degrade: "never", deadlineMs: 50 });
    expect(policyOfStep(policy, "read/other")).toEqual({ compute: { pool: "cpu" }, degrade: "never" });
    expect(policyOfStep(policy, "write")).toEqual({ compute: { pool: "cpu" }, degrade: "allow" });
  });

  it("may be named by its full path", () => {
    expect(policyOfStep({ steps: { "read/ocr": { compute: { pool: "gpu" } } } }, "read/ocr")).toEqual({
      compute: { pool: "gpu" },
    });
  });
});
