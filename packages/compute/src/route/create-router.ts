import type { Json } from "@stargate/kernel";
import { fillTable } from "./place/fill-table.ts";
import { makeTerms } from "./place/make-terms.ts";
import { PoolDemand } from "./place/pool-demand.ts";
import type { LivePool } from "./place/live-pool.ts";
import { PoolQueue } from "./place/pool-queue.ts";
import { presentDecision } from "./place/present-decision.ts";
import { foldObservations, type Dispatch, type Observation } from "./learn/fold.ts";
import { qualityKey, type Snapshot } from "./learn/snapshot.ts";
import { DecisionLog } from "./record/decision-log.ts";
import type { MadeDecision } from "./record/made-decision.ts";
import { writeRecord } from "./record/write-record.ts";
import { chooseArm } from "./score/choose-arm.ts";
import { column } from "./score/decision-table.ts";
import { scoreArms } from "./score/score-arms.ts";
import { loadState } from "./state/load-state.ts";
import { saveState } from "./state/save-state.ts";
import type { Arm } from "./types/arm.ts";
import type { Decision } from "./types/decision.ts";
import type { Outcome, QualityObservation } from "./types/observation.ts";
import type { RouteRequest } from "./types/route-request.ts";
import type { Router, RouterOptions } from "./types/router.ts";

const RECORDED_DECISIONS = 2000;
const FOLD_AFTER_MS = 20;
const EXPLORATION = 0.02;
/** Decisions whose end nobody ever tells are forgotten. */
const LARGEST_PENDING = 20_000;

/**
 * Makes a router: places calls on arms by what it has learned of them, under hard constraints. Deciding reads one
 * immutable snapshot; observations are queued and folded into the next one by a timer of the clock.
 * @example
 * const router = createRouter({ clock: host.clock, random: Math.random });
 * const decision = router.decide({ bucket: "embed", items: 1, remainingMs: 200, tenant: "demo" }, arms);
 */
export function createRouter(options: RouterOptions): Router {
  return new LearningRouter(options);
}

class LearningRouter implements Router {
  readonly #options: RouterOptions;
  readonly #instance: string;
  readonly #log: DecisionLog;
  readonly #pools = new Map<string, LivePool>();
  readonly #pending = new Map<string, Dispatch>();
  readonly #declared = new Map<string, number>();
  #observations: Observation[] = [];
  #unwritten: MadeDecision[] = [];
  #snapshot: Snapshot;
  #decisions = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#instance = options.instance ?? Math.floor(options.random() * 36 ** 6).toString(36);
    this.#snapshot = loadState(options.state, options.clock, options.log);
    this.#log = new DecisionLog(options.recordedDecisions ?? RECORDED_DECISIONS);
  }

  decide(request: RouteRequest, arms: readonly Arm[]): Decision {
    const { clock, random, exploration = EXPLORATION } = this.#options;
    const nowMs = clock.nowMs();
    const table = fillTable(request, arms, {
      snapshot: this.#snapshot,
      pools: this.#pools,
      decision: this.#decisions,
      nowMs,
    });
    const terms = makeTerms(request, table, exploration);
    const draw = random();
    scoreArms(terms, table);
    const choice = chooseArm(terms, table, draw);
    const made: MadeDecision = {
      id: `${this.#instance}-${(this.#decisions++).toString(36)}`,
      epochMs: clock.epochMs(),
      snapshotVersion: this.#snapshot.version,
      request,
      arms,
      table,
      terms,
      draw,
      choice,
    };
    if (request.preview !== true) this.#dispatch(made, nowMs);
    return presentDecision(made);
  }

  #dispatch(made: MadeDecision, nowMs: number): void {
    const { table, choice, request } = made;
    this.#log.add(made);
    if (this.#options.onRecord !== undefined) {
      this.#unwritten.push(made);
      this.#foldSoon();
    }
    const arm = made.arms[choice.arm];
    if (arm === undefined) return;
    const { queue } = this.#pool(arm.pool);
    const { bucket, items } = request;
    this.#pending.set(made.id, {
      arm,
      bucket,
      items,
      queue: queue.view(nowMs),
      waitMs: table.get(choice.arm, column.waitMs),
      coldMs: table.get(choice.arm, column.coldMs),
      atMs: nowMs,
    });
    for (const oldest of this.#pending.keys()) {
      if (this.#pending.size <= LARGEST_PENDING) break;
      this.#pending.delete(oldest);
    }
    queue.dispatch(
      Math.exp(table.get(choice.arm, column.serviceLogMean)) + table.get(choice.arm, column.coldMs),
      nowMs,
    );
  }

  report(pool: string, telemetry: Parameters<Router["report"]>[1]): void {
    this.#pool(pool).queue.update(telemetry);
  }

  observe(outcome: Outcome): void {
    const dispatch = this.#pending.get(outcome.decision);
    if (dispatch === undefined) return;
    this.#pending.delete(outcome.decision);
    // A number that is none would poison everything that is learned after it.
    if (!Number.isFinite(outcome.queueMs) || !Number.isFinite(outcome.serviceMs)) return;
    if (outcome.telemetry !== undefined) this.report(dispatch.arm.pool, outcome.telemetry);
    this.#observations.push({ kind: "outcome", dispatch, outcome, atMs: this.#options.clock.nowMs() });
    this.#declared.set(qualityKey(dispatch.arm), dispatch.arm.quality);
    this.#foldSoon();
  }

  observeQuality(observation: QualityObservation): void {
    if (!Number.isFinite(observation.score)) return;
    const declared = this.#declared.get(qualityKey(observation));
    this.#observations.push({ kind: "quality", observation, declared });
    this.#foldSoon();
  }

  fold(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const [batch, unwritten] = [this.#observations, this.#unwritten];
    [this.#observations, this.#unwritten] = [[], []];
    if (batch.length > 0) this.#snapshot = foldObservations(this.#snapshot, batch);
    for (const made of unwritten) this.#options.onRecord?.(writeRecord(made));
  }

  record(decision: string): ReturnType<Router["record"]> {
    const made = this.#log.get(decision);
    return made === undefined ? undefined : writeRecord(made);
  }

  state(): Json {
    this.fold();
    return saveState(this.#snapshot, this.#options.clock);
  }

  close(): void {
    this.fold();
  }

  #pool(id: string): LivePool {
    let pool = this.#pools.get(id);
    if (pool === undefined) this.#pools.set(id, (pool = { queue: new PoolQueue(), demand: new PoolDemand() }));
    return pool;
  }

  #foldSoon(): void {
    this.#cancelTimer ??= this.#options.clock.timer(this.#options.foldAfterMs ?? FOLD_AFTER_MS, () => this.fold());
  }
}
