import type { Arm, RouteRequest } from "@stargate/compute";
import type { ArmTruth, Policy, PolicyOutcome } from "../policies/policy.ts";
import { createDraws, uniformOf, type Draws } from "../random.ts";
import type { Episode, Telemetry } from "../scenarios/scenario.ts";
import type { Arrival } from "../traces/trace.ts";
import type { WorldEvent } from "../world/world.ts";
import type { Job, JobEnd } from "./job.ts";
import { Places, type Place } from "./places.ts";
import { Tally, type Totals } from "./tally.ts";
import { utilityOf } from "./utility.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** One request on its way, over all its attempts. */
interface Call {
  readonly index: number;
  readonly arrival: Arrival;
  readonly deadlineMs: number;
  readonly kindDeadlineMs: number;
  readonly gateway: Policy;
  readonly tried: string[];
  usd: number;
  joules: number;
  grams: number;
  utility: number;
  attempts: number;
  explored: boolean;
}

/** Attempts of a call in all: what fails is tried elsewhere, whatever the policy. */
const ATTEMPTS = 3;
/** Share of answers that somebody judges. */
const JUDGED = 0.02;

/** Plays one episode with one policy per gateway. Virtual time: the same inputs give the same totals, bit by bit. */
export class Simulation {
  readonly #episode: Episode;
  readonly #time: VirtualTime;
  readonly #places: Places;
  readonly #gateways: readonly Policy[];
  readonly #telemetry: Telemetry;
  readonly #tally: Tally;
  readonly #draws: Draws;

  constructor(init: {
    readonly episode: Episode;
    readonly time: VirtualTime;
    readonly gateways: readonly Policy[];
    readonly telemetry: Telemetry;
  }) {
    this.#episode = init.episode;
    this.#time = init.time;
    this.#gateways = init.gateways;
    this.#telemetry = init.telemetry;
    this.#places = new Places(init.episode, init.time);
    this.#tally = new Tally(init.episode.lengthMs);
    this.#draws = createDraws(init.episode.seed ^ 0x51ed270b);
  }

  run(): Totals {
    const { lengthMs, events, world } = this.#episode;
    for (const event of events) this.#time.at(event.atMs, () => this.#happen(event));
    for (let atMs = 0; atMs < lengthMs; atMs += this.#telemetry.everyMs) this.#time.at(atMs, () => this.#publish());
    this.#arrive(0);
    const longest = Math.max(...world.kinds.map(({ deadlineMs }) => deadlineMs));
    this.#time.run(lengthMs + 10 * longest);
    return this.#tally.totals();
  }

  #arrive(index: number): void {
    const arrival = this.#episode.arrivals[index];
    if (arrival === undefined) return;
    this.#time.at(arrival.atMs, () => {
      const gateway = Math.floor(uniformOf(this.#episode.seed, 3, index) * this.#gateways.length);
      const kindDeadlineMs = this.#episode.world.kinds[arrival.kind]?.deadlineMs ?? 0;
      this.#place({
        index,
        arrival,
        deadlineMs: arrival.atMs + kindDeadlineMs,
        kindDeadlineMs,
        gateway: this.#gateways[gateway] as Policy, // one of them
        tried: [],
        usd: 0,
        joules: 0,
        grams: 0,
        utility: 0,
        attempts: 0,
        explored: false,
      });
      this.#arrive(index + 1);
    });
  }

  #place(call: Call): void {
    const nowMs = this.#time.nowMs();
    const { world, objective } = this.#episode;
    const arms = this.#places.arms(call.arrival.kind);
    const request: RouteRequest = {
      bucket: world.kinds[call.arrival.kind]?.name ?? "",
      items: call.arrival.size,
      remainingMs: call.deadlineMs - nowMs,
      objective,
      scales: world.scales,
      tenant: call.arrival.tenant,
      ...(call.tried.length > 0 ? { excludePools: call.tried } : {}),
    };
    const truth = (arm: number) => this.#truth(call, arms[arm] as Arm); // asked for arms it was given
    const choice = call.gateway.choose({ request, arms, nowMs, truth });
    if (choice.warmUp !== undefined) this.#warm(choice.warmUp);
    const arm = arms[choice.arm];
    if (arm === undefined) this.#end(call, undefined);
    else this.#dispatch(call, arm, choice);
  }

  #dispatch(call: Call, arm: Arm, choice: { readonly ticket: string; readonly explored: boolean }): void {
    const place = this.#places.placeOf(arm);
    const work = this.#places.work(call.arrival, call.index, place);
    call.attempts += 1;
    call.explored ||= choice.explored;
    this.#tally.send(arm.pool, this.#time.nowMs());
    const sentMs = this.#time.nowMs();
    const forth = work.transferMs / 2;
    const job: Job = {
      ...work,
      variant: place.variantIndex,
      deadlineMs: call.deadlineMs - (work.transferMs - forth),
      luck: uniformOf(this.#episode.seed, 4, call.index, place.poolIndex),
      end: (end) => {
        // Whoever asked gives up at the deadline, wherever the answer is by then.
        const backMs = Math.min(call.deadlineMs, this.#time.nowMs() + work.transferMs - forth);
        this.#time.at(backMs, () => this.#finish(call, { arm, place, end, sentMs, ticket: choice.ticket }));
      },
    };
    place.pool.announce(job, sentMs + forth);
    this.#time.at(sentMs + forth, () => place.pool.submit(job));
  }

  #finish(
    call: Call,
    {
      arm,
      place,
      end,
      sentMs,
      ticket,
    }: {
      readonly arm: Arm;
      readonly place: Place;
      readonly end: JobEnd;
      readonly sentMs: number;
      readonly ticket: string;
    },
  ): void {
    const nowMs = this.#time.nowMs();
    const onTime = end.result === "ok" && nowMs < call.deadlineMs;
    const spent = this.#spend(call, place, { slotMs: end.slotMs, onTime, latencyMs: nowMs - call.arrival.atMs });
    const result = end.result === "ok" && !onTime ? "timeout" : end.result;
    const outcome: PolicyOutcome = {
      result,
      queueMs: end.queueMs,
      serviceMs: Math.max(0, nowMs - sentMs - end.queueMs - end.coldMs),
      coldMs: end.coldMs,
      usd: spent.usd,
      joules: spent.joules,
      utility: spent.utility,
      ...(this.#telemetry.replies && end.telemetry !== undefined && !place.pool.silent
        ? { telemetry: end.telemetry }
        : {}),
    };
    call.gateway.end(ticket, outcome);
    if (onTime) this.#judge(call, arm, place);
    if (end.result === "failed" && call.attempts < ATTEMPTS && nowMs < call.deadlineMs) {
      call.tried.push(arm.pool);
      this.#place(call);
    } else this.#end(call, onTime ? place : undefined);
  }

  #spend(
    call: Call,
    { pool, variantIndex, rungIndex, poolIndex }: Place,
    seen: { readonly slotMs: number; readonly onTime: boolean; readonly latencyMs: number },
  ): { readonly usd: number; readonly joules: number; readonly utility: number } {
    const { price, watts, gramsPerKwh } = pool.world;
    const usd =
      pool.priceFactor * ("usdPerCall" in price ? price.usdPerCall : (price.usdPerHour * seen.slotMs) / 3_600_000);
    const joules = (watts * seen.slotMs) / 1000;
    const intensity = gramsPerKwh((this.#time.nowMs() / 3_600_000) % 24);
    const accuracy = this.#places.accuracy({ pool, poolIndex, variantIndex, rungIndex });
    const utility = utilityOf(
      { ...seen, accuracy, usd, joules, gramsPerKwh: intensity, deadlineMs: call.kindDeadlineMs },
      this.#episode.objective,
      this.#episode.world.scales,
    );
    call.usd += usd;
    call.joules += joules;
    call.grams += (joules / 3_600_000) * intensity;
    call.utility += utility;
    return { usd, joules, utility };
  }

  #truth(call: Call, arm: Arm): ArmTruth {
    const nowMs = this.#time.nowMs();
    const place = this.#places.placeOf(arm);
    const { pool } = place;
    const { price, watts, gramsPerKwh } = pool.world;
    const work = this.#places.work(call.arrival, call.index, place);
    const slotMs = work.trueMs * pool.slowdown + pool.coldMs(place.variantIndex);
    const startMs = pool.startOf(nowMs + work.transferMs / 2);
    const endMs = startMs + slotMs + work.transferMs / 2;
    const fails = uniformOf(this.#episode.seed, 4, call.index, place.poolIndex) < pool.failureRate;
    const onTime = endMs <= call.deadlineMs && pool.state === "up" && !fails;
    const utility = utilityOf(
      {
        onTime,
        accuracy: this.#places.accuracy(place),
        usd: pool.priceFactor * ("usdPerCall" in price ? price.usdPerCall : (price.usdPerHour * slotMs) / 3_600_000),
        joules: (watts * slotMs) / 1000,
        gramsPerKwh: gramsPerKwh((nowMs / 3_600_000) % 24),
        latencyMs: endMs - call.arrival.atMs,
        deadlineMs: call.kindDeadlineMs,
      },
      this.#episode.objective,
      this.#episode.world.scales,
    );
    const waitMs = Math.max(0, startMs - nowMs - work.transferMs / 2);
    return { onTime, utility, waitMs, slotMs };
  }

  #judge(call: Call, arm: Arm, place: Place): void {
    if (!this.#draws.chance(JUDGED)) return;
    const score = uniformOf(this.#episode.seed, 5, call.index) < this.#places.accuracy(place) ? 1 : 0;
    const { model, variant, rung } = arm;
    call.gateway.quality({ model, variant, ...(rung === undefined ? {} : { rung }), score, source: "feedback" });
  }

  #end(call: Call, place: Place | undefined): void {
    this.#tally.add({
      arrivedMs: call.arrival.atMs,
      onTime: place !== undefined,
      accuracy: place === undefined ? 0 : this.#places.accuracy(place),
      usd: call.usd,
      joules: call.joules,
      grams: call.grams,
      utility: call.utility,
      attempts: call.attempts,
      refused: call.attempts === 0,
      explored: call.explored,
      tenant: call.arrival.tenant,
    });
  }

  #publish(): void {
    for (const pool of this.#places.pools) {
      if (pool.silent) continue;
      const telemetry = pool.telemetry();
      for (const gateway of this.#gateways) gateway.report(pool.world.id, telemetry);
    }
  }

  #warm(arm: Arm): void {
    const { pool, variantIndex } = this.#places.placeOf(arm);
    pool.warm(variantIndex);
  }

  #happen(event: WorldEvent): void {
    if (event.kind === "accuracy") {
      const variant = this.#episode.world.variants.findIndex(({ name }) => name === event.variant);
      this.#places.accuracies[variant] = event.accuracy;
      return;
    }
    const pool = this.#places.pool(event.pool);
    if (event.kind === "slow") pool.slowdown = event.factor;
    else if (event.kind === "fail") pool.failureRate = event.rate;
    else if (event.kind === "price") pool.priceFactor = event.factor;
    else if (event.kind === "revive") pool.state = "up";
    else pool.stop(event.kind === "die" ? "dead" : "hung");
  }
}
