import type { JsonObject } from "../util/json.ts";
import type { ModelUse } from "./compute-plane.ts";
import type { CoverageReport } from "./coverage.ts";
import type { IssueReport } from "./run-context.ts";

/** What a finished step left: its value, and everything it reported. */
export interface StepResult {
  readonly value: unknown;
  readonly coverage: readonly (readonly [measure: string, report: CoverageReport])[];
  readonly issues: readonly IssueReport[];
  readonly facts: JsonObject;
  /** Models it ran, by digest: a result is only good while they are the same. */
  readonly models: readonly Pick<ModelUse, "model" | "variant" | "digest">[];
}

/**
 * Results of deterministic steps by what they were made from: repeated work is not done twice, and a run that is
 * repeated after a crash goes on where it had got to. Failures and degraded results are never kept. An implementation
 * bounds what it keeps, keeps tenants apart, and hands out copies.
 */
export interface ResultCache {
  get(tenant: string, key: string): Promise<StepResult | undefined>;
  /** Keeps a result, if it can. Never throws. `size` is that of the value in bytes, where its modality knows. */
  put(tenant: string, key: string, result: StepResult, options: { readonly sizeBytes: number | undefined }): void;
  /** Steps predicted to take less are done again rather than kept. */
  readonly worthMs: number;
}
