import { describe, expect, it } from "vitest";
import { mergePolicies } from "./merge-policies.ts";

describe("merging policies", () => {
  it("lays the inner one over the outer one, field by field", () => {
    const outer = {
      deadlineMs: 1000,
      degrade: "never",
      retry: { attempts: 3, backoffMs: 1, maxBackoffMs: 2 },
    } as const;
    expect(mergePolicies(outer, { deadlineMs: 5, degrade: undefined })).toEqual({ ...outer, deadlineMs: 5 });
  });

  it("merges the policies of single steps by step", () => {
    const merged = mergePolicies(
      { steps: { a: { compute: { pool: "gpu" }, degrade: "never" }, b: { compute: { pool: "cpu" } } } },
      { steps: { a: { degrade: "allow" } } },
    );
    expect(merged).toEqual({
      steps: { a: { compute: { pool: "gpu" }, degrade: "allow" }, b: { compute: { pool: "cpu" } } },
    });
  });

  it("takes the one that is there", () => {
    expect(mergePolicies(undefined, { compute: { pool: "cpu" } })).toEqual({ compute: { pool: "cpu" } });
    expect(mergePolicies({ compute: { pool: "cpu" } }, undefined)).toEqual({ compute: { pool: "cpu" } });
    expect(mergePolicies(undefined, undefined)).toEqual({});
  });
});
