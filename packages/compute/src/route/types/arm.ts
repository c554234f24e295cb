import type { DeviceKind } from "@stargate/kernel";

/** What using an arm costs: the time its slot is busy, or a fee per call. */
export type Price = { readonly usdPerHour: number } | { readonly usdPerCall: number };

/** Why the caller rules an arm out for now; goes into refusals and explanations. */
export interface ArmBlock {
  readonly kind: "capability" | "breaker" | "ejected" | "absent";
  /** Ends the sentence "not used because": "the breaker is open for another 3 s". */
  readonly detail: string;
}

/** One way to answer a call: a variant of a model (and a rung of a ladder) on a pool. */
export interface Arm {
  /** The same for the same model, variant, rung and pool, today and after a restart: what is learned hangs on it. See `armId`. */
  readonly id: string;
  readonly model: string;
  readonly variant: string;
  readonly rung?: string | undefined;
  readonly pool: string;
  readonly backend: string;
  /** "cuda:0". */
  readonly device: string;
  readonly deviceKind: DeviceKind;
  readonly region?: string | undefined;
  /** Residency and other tags of the pool. */
  readonly tags: readonly string[];
  /** 0-1, declared: of the variant times that of the rung. What is observed corrects it. */
  readonly quality: number;
  readonly price: Price;
  /** Power while one slot works on this model. Absent: energy of this arm counts as nothing. */
  readonly watts?: number | undefined;
  /** Carbon intensity of the pool's power now, grams of CO2 per kWh. Absent: 400, about the world's mean. */
  readonly gramsPerKwh?: number | undefined;
  /** Service time of one item of the request's bucket, when somebody has an idea of it. May be wrong by a factor. */
  readonly priorMs?: number | undefined;
  /** The model is not loaded there now: whoever comes first waits for it. */
  readonly cold?: boolean | undefined;
  readonly blocked?: ArmBlock | undefined;
}

/** Identity of an arm: a change of one part is another arm. */
export function armId(parts: {
  readonly pool: string;
  readonly model: string;
  readonly variant: string;
  readonly rung?: string | undefined;
}): string {
  return [parts.pool, parts.model, parts.variant, ...(parts.rung === undefined ? [] : [parts.rung])]
    .map(encodeURIComponent)
    .join("/");
}
