import type { BenchResult } from "../../support/result.ts";
import type { BareReport } from "../bare-models.ts";
import type { ClipGateway } from "../clip-gateway.ts";
import type { Traffic } from "../load/traffic.ts";

/** A warm gateway, and the bare models beside it, which run nothing unless they are asked to. */
export interface Bench {
  readonly gateway: ClipGateway;
  readonly traffic: Traffic;
  readonly bare: () => Promise<BareReport>;
  readonly note: (message: string) => void;
}

export type Measure = (bench: Bench) => Promise<readonly BenchResult[]>;
