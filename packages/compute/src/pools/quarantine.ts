import { createHash } from "node:crypto";
import type { Clock, TensorMap } from "@stargate/kernel";

/** Hosts an input may end before it is not run any more. */
export const MOST_DELIVERIES = 3;

const REMEMBER_MS = 3_600_000;
const MOST_ENTRIES = 4096;

interface Suspicion {
  deliveries: number;
  untilMs: number;
  readonly place: string;
}

/**
 * Remembers which inputs were there when a host ended. An input that was in three such runs, at last alone, is poison
 * and stays out; everything else is cleared by the first run that succeeds. Kept in memory for an hour.
 */
export class Quarantine {
  readonly #clock: Clock;
  readonly #suspicions = new Map<string, Suspicion>();
  /** Suspects that are being run: never two at a time, wherever, so that no more hosts end than have to. */
  readonly #underWay = new Set<string>();
  /** How many suspicions there are per model and size: inputs are hashed only when somebody like them is suspected. */
  readonly #places = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is known of these inputs; undefined: nothing. Free of charge unless an input of this size is suspected. */
  suspicion(
    model: string,
    inputs: TensorMap,
    bytes: number,
  ): { readonly digest: string; readonly deliveries: number } | undefined {
    if (!this.#places.has(placeOf(model, bytes))) return undefined;
    const digest = digestInputs(model, inputs);
    const known = this.#suspicions.get(digest);
    if (known === undefined) return undefined;
    if (known.untilMs >= this.#clock.nowMs()) return { digest, deliveries: known.deliveries };
    this.clear(digest);
    return undefined;
  }

  /** Takes the right to run a suspect; undefined: it is being run already. Call what is returned in the end. */
  begin(digest: string): (() => void) | undefined {
    if (this.#underWay.has(digest)) return undefined;
    this.#underWay.add(digest);
    return () => void this.#underWay.delete(digest);
  }

  isUnderWay(digest: string): boolean {
    return this.#underWay.has(digest);
  }

  /** Runs with these inputs that ended their host. */
  deliveries(digest: string): number {
    return this.#suspicions.get(digest)?.deliveries ?? 0;
  }

  /** Counts runs with these inputs that ended their host. Gives the digest and how many there have been. */
  blame(
    model: string,
    inputs: TensorMap,
    bytes: number,
    deliveries: number,
  ): { readonly digest: string; readonly deliveries: number } {
    const digest = digestInputs(model, inputs);
    const untilMs = this.#clock.nowMs() + REMEMBER_MS;
    const known = this.#suspicions.get(digest);
    if (known !== undefined) {
      known.deliveries += deliveries;
      known.untilMs = untilMs;
      return { digest, deliveries: known.deliveries };
    }
    const [oldest] = this.#suspicions.keys();
    if (oldest !== undefined && this.#suspicions.size >= MOST_ENTRIES) this.clear(oldest);
    const place = placeOf(model, bytes);
    this.#suspicions.set(digest, { deliveries, untilMs, place });
    this.#places.set(place, (this.#places.get(place) ?? 0) + 1);
    return { digest, deliveries };
  }

  /** The input was run and nothing happened. */
  clear(digest: string): void {
    const known = this.#suspicions.get(digest);
    if (known === undefined) return;
    this.#suspicions.delete(digest);
    const left = (this.#places.get(known.place) ?? 1) - 1;
    if (left === 0) this.#places.delete(known.place);
    else this.#places.set(known.place, left);
  }
}

function placeOf(model: string, bytes: number): string {
  return `${model} ${bytes}`;
}

/** "sha256:<hex>" over the model and its inputs: names, dtypes, shapes and data. */
export function digestInputs(model: string, inputs: TensorMap): string {
  const hash = createHash("sha256").update(model);
  for (const name of Object.keys(inputs).sort()) {
    const tensor = inputs[name];
    if (tensor === undefined) continue;
    hash.update(JSON.stringify([name, tensor.dtype, tensor.shape]));
    const { data } = tensor;
    hash.update(ArrayBuffer.isView(data) ? data : JSON.stringify(data));
  }
  return `sha256:${hash.digest("hex")}`;
}
