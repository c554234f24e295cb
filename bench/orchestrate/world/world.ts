import type { DeviceKind } from "@stargate/kernel";
import type { Price } from "@stargate/compute";

/** A kind of request: what it must hold, and how much of the load it is. */
export interface WorkKind {
  readonly name: string;
  readonly deadlineMs: number;
  /** Share of arrivals. */
  readonly share: number;
  /** Spread of sizes (log-normal, mean 1). */
  readonly sizeDeviation: number;
  /** Bytes that go to a remote pool per unit of size, at full resolution. */
  readonly bytes: number;
}

/** A model variant, with its true accuracy and its service time per kind of work on a pool of slowness 1. */
export interface WorldVariant {
  readonly name: string;
  readonly accuracy: number;
  readonly serviceMs: Readonly<Record<string, number>>;
}

/** An input degradation: less work, fewer bytes, less accuracy. */
export interface WorldRung {
  readonly name: string;
  readonly quality: number;
  readonly work: number;
  readonly bytes: number;
}

export interface WorldPool {
  readonly id: string;
  /** Infinity: somebody else's servers. */
  readonly slots: number;
  readonly slowness: number;
  /** Way there and back, apart from the radio. */
  readonly networkMs: number;
  /** Behind the edge's radio link. */
  readonly remote: boolean;
  readonly deviceKind: DeviceKind;
  readonly region: string;
  readonly tags: readonly string[];
  readonly price: Price;
  readonly watts: number;
  /** Grams of CO2 per kWh at an hour of the day (0-24). */
  readonly gramsPerKwh: (hour: number) => number;
  /** Not there before this time. */
  readonly joinsAtMs: number;
  /** Its models are not loaded when it comes. */
  readonly coldMs: number;
}

export type WorldEvent =
  | { readonly atMs: number; readonly kind: "slow"; readonly pool: string; readonly factor: number }
  | { readonly atMs: number; readonly kind: "die" | "hang" | "revive"; readonly pool: string }
  | { readonly atMs: number; readonly kind: "fail"; readonly pool: string; readonly rate: number }
  | { readonly atMs: number; readonly kind: "price"; readonly pool: string; readonly factor: number }
  | { readonly atMs: number; readonly kind: "accuracy"; readonly variant: string; readonly accuracy: number };

export interface World {
  readonly kinds: readonly WorkKind[];
  readonly variants: readonly WorldVariant[];
  readonly rungs: readonly WorldRung[];
  readonly pools: readonly WorldPool[];
  /** Spread of single calls (log-normal, mean 1). */
  readonly noise: number;
  /** What one unit of money and energy is in the objective. */
  readonly scales: { readonly usd: number; readonly joules: number };
}
