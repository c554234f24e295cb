import { armId, type Arm } from "@stargate/compute";
import { normalOf, uniformOf } from "../random.ts";
import type { Episode } from "../scenarios/scenario.ts";
import type { Arrival } from "../traces/trace.ts";
import { SimPool } from "./sim-pool.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** One combination of pool, variant and rung. */
export interface Place {
  readonly pool: SimPool;
  readonly poolIndex: number;
  readonly variantIndex: number;
  readonly rungIndex: number;
}

/** What one request really takes at one place. */
export interface Work {
  /** Time in a slot at the pool's usual speed, with and without noise. */
  readonly trueMs: number;
  readonly expectedMs: number;
  /** Way there and back. */
  readonly transferMs: number;
}

/** Priors are declared by people: wrong by up to this factor, either way. */
const WRONG_BY = 2;
const QUALITY_WRONG_BY = 0.04;
const OUTAGE_STEP_MS = 250;
const LONGEST_OUTAGE_MS = 20_000;

/** The world of one episode, alive: its pools, and how true numbers follow from it. */
export class Places {
  readonly all: readonly Place[];
  readonly pools: readonly SimPool[];
  readonly accuracies: number[];
  readonly #episode: Episode;
  readonly #time: VirtualTime;
  readonly #byId: ReadonlyMap<string, Place>;
  readonly #arms = new Map<string, readonly Arm[]>();

  constructor(episode: Episode, time: VirtualTime) {
    this.#episode = episode;
    this.#time = time;
    const { world } = episode;
    this.pools = world.pools.map((pool) => new SimPool(pool, time));
    this.accuracies = world.variants.map(({ accuracy }) => accuracy);
    this.all = this.pools.flatMap((pool, poolIndex) =>
      world.variants.flatMap((_, variantIndex) =>
        world.rungs.map((__, rungIndex) => ({ pool, poolIndex, variantIndex, rungIndex })),
      ),
    );
    this.#byId = new Map(this.all.map((place) => [this.#id(place), place]));
  }

  pool(id: string): SimPool {
    const found = this.pools.find(({ world }) => world.id === id);
    if (found === undefined) throw new RangeError(`No pool "${id}" in this world`);
    return found;
  }

  accuracy({ variantIndex, rungIndex }: Place): number {
    return (this.accuracies[variantIndex] ?? 0) * (this.#episode.world.rungs[rungIndex]?.quality ?? 0);
  }

  /** What the request of this number takes. The same numbers for every policy. */
  work(arrival: Arrival, requestIndex: number, place: Place): Work {
    const { world, seed, radio } = this.#episode;
    const kind = world.kinds[arrival.kind];
    const rung = world.rungs[place.rungIndex];
    const pool = place.pool.world;
    if (kind === undefined || rung === undefined) throw new RangeError("A request of an unknown kind");
    const usual = world.variants[place.variantIndex]?.serviceMs[kind.name] ?? Number.NaN;
    const expectedMs = usual * pool.slowness * rung.work * arrival.size;
    const z = normalOf(seed, requestIndex, place.poolIndex, place.variantIndex, place.rungIndex);
    const noise = Math.exp(world.noise * z - world.noise ** 2 / 2);
    const bytes = kind.bytes * rung.bytes * arrival.size;
    const onAir = pool.remote && radio !== undefined ? airMs(radio, this.#time.nowMs(), bytes) : 0;
    return { trueMs: expectedMs * noise, expectedMs, transferMs: pool.networkMs + onAir };
  }

  /** The arms a gateway knows of, with what was declared for them. */
  arms(kindIndex: number): readonly Arm[] {
    const cold = this.all.map(({ pool, variantIndex }) => (pool.here ? pool.coldMs(variantIndex) > 0 : undefined));
    const key = `${kindIndex} ${cold.join()}`;
    let arms = this.#arms.get(key);
    if (arms === undefined) {
      arms = this.all.flatMap((place, index) =>
        place.pool.here ? [this.#arm(place, kindIndex, cold[index] === true)] : [],
      );
      this.#arms.set(key, arms);
    }
    return arms;
  }

  placeOf(arm: Arm): Place {
    const place = this.#byId.get(arm.id);
    if (place === undefined) throw new RangeError(`No place for arm "${arm.id}"`);
    return place;
  }

  #id({ pool, variantIndex, rungIndex }: Place): string {
    const { variants, rungs } = this.#episode.world;
    const rung = rungs.length > 1 ? rungs[rungIndex]?.name : undefined;
    return armId({ pool: pool.world.id, model: "model", variant: variants[variantIndex]?.name ?? "", rung });
  }

  #arm(place: Place, kindIndex: number, cold: boolean): Arm {
    const { world, seed } = this.#episode;
    const { pool, poolIndex, variantIndex, rungIndex } = place;
    const variant = world.variants[variantIndex];
    const rung = world.rungs[rungIndex];
    const wrong = WRONG_BY ** (2 * uniformOf(seed, 1, poolIndex, variantIndex, kindIndex) - 1);
    const usual = (variant?.serviceMs[world.kinds[kindIndex]?.name ?? ""] ?? 0) * pool.world.slowness;
    const quality = this.accuracy(place) + QUALITY_WRONG_BY * (2 * uniformOf(seed, 2, variantIndex, rungIndex) - 1);
    const hour = (this.#time.nowMs() / 3_600_000) % 24;
    return {
      id: this.#id(place),
      model: "model",
      variant: variant?.name ?? "",
      ...(world.rungs.length > 1 ? { rung: rung?.name } : {}),
      pool: pool.world.id,
      backend: "simulated",
      device: `${pool.world.deviceKind}:0`,
      deviceKind: pool.world.deviceKind,
      region: pool.world.region,
      tags: pool.world.tags,
      quality,
      price: pool.world.price,
      watts: pool.world.watts,
      gramsPerKwh: pool.world.gramsPerKwh(hour),
      priorMs: (usual * (rung?.work ?? 1) + pool.world.networkMs) * wrong,
      cold,
    };
  }
}

/** Time bytes take over the radio, outages waited out, with one round trip. */
function airMs(radio: NonNullable<Episode["radio"]>, startMs: number, bytes: number): number {
  let waited = 0;
  let left = bytes * 8;
  let state = radio(startMs);
  const roundTripMs = state.roundTripMs;
  while (left > 0 && waited < LONGEST_OUTAGE_MS) {
    const bitsPerMs = state.megabitsPerSecond * 1000;
    if (left <= bitsPerMs * OUTAGE_STEP_MS) return waited + left / bitsPerMs + roundTripMs;
    left -= bitsPerMs * OUTAGE_STEP_MS;
    waited += OUTAGE_STEP_MS;
    state = radio(startMs + waited);
  }
  return waited + roundTripMs;
}
