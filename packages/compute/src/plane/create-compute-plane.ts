import { openAsBlob } from "node:fs";
import {
  checkTensors,
  type Clock,
  type ComputeBackend,
  type ComputePlane,
  type Log,
  type ModelAnswer,
  type ModelCall,
  type ModelSpec,
  type ModelVariant,
  throwIfCancelled,
} from "@stargate/kernel";
import { shapeOf } from "../batch/job-shape.ts";
import type { PoolJob, PoolResult } from "../pools/pool.ts";
import type { Arm } from "../route/types/arm.ts";
import type { DecisionFile } from "../route/record/decision-file.ts";
import type { DecisionRecord } from "../route/record/decision-record.ts";
import { unmetPin } from "../route/place/rule-out.ts";
import type { Router } from "../route/types/router.ts";
import type { LocatedVariant, ModelStore } from "../store/model-store.ts";
import { armsOf } from "./arms.ts";
import { chooseRung } from "./choose-rung.ts";
import type { ComputeConfig } from "./compute-config.ts";
import { dispatch } from "./dispatch.ts";
import { createGuards, type Guards } from "./guards.ts";
import { bestVariantHere, routeBase, throwIfOver } from "./model-call.ts";
import { modelUse, priceOf } from "./model-use.ts";
import type { OpenPool } from "./open-pool.ts";
import { pinOf } from "./pin-of.ts";
import { refusalError } from "./refusal.ts";
import { createShadow, type Shadow } from "./shadow.ts";
import { createWarmUps, type WarmUps } from "./warm-ups.ts";

export interface ComputePlaneParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly config: ComputeConfig;
  readonly store: ModelStore;
  readonly router: Router;
  /** Opens the pools of the backends that were attached; called once, when the first model is asked for. */
  readonly openPools: (backends: readonly ComputeBackend[]) => Promise<readonly OpenPool[]>;
  /** Decisions that are no longer in memory. */
  readonly decisions?: Pick<DecisionFile, "find"> | undefined;
  /** Called when everything is closed. */
  closed?(): Promise<void>;
}

/** A compute plane, and what its owner looks at and closes. */
export interface OpenComputePlane extends ComputePlane, AsyncDisposable {
  readonly store: ModelStore;
  readonly router: Router;
  attach(contributions: { readonly models: readonly ModelSpec[]; readonly backends: readonly ComputeBackend[] }): void;
  chooseRung: NonNullable<ComputePlane["chooseRung"]>;
  digest(model: string, variant: string): Promise<string | undefined>;
  /** Opens the pools and loads the models that are to be there from the start. */
  warm(options: { readonly signal: AbortSignal }): Promise<void>;
  /** The pools; opens them when they are not open yet. */
  pools(): Promise<readonly OpenPool[]>;
  /** Routing decisions by the ids that receipts name, oldest first; those that are not kept any more are left out. */
  decisions(ids: readonly string[]): Promise<readonly DecisionRecord[]>;
  /** Loads a model where it would run, and says what it takes and gives. */
  describe(model: string, options: { readonly signal: AbortSignal }): Promise<ModelDescription>;
}

export interface ModelDescription {
  readonly spec: ModelSpec;
  readonly variant: string;
  readonly signature: NonNullable<ModelSpec["signature"]>;
}

interface Places {
  readonly pools: readonly OpenPool[];
  readonly guards: Guards;
}

/**
 * Puts store, pools and router together: every model call goes through here.
 * @example
 * await using plane = createComputePlane({ clock, log, random: Math.random, config, store, router, openPools });
 * const gate = await openGate({ adapters, host: createPortableHost({ compute: plane }) });
 */
export function createComputePlane(parts: ComputePlaneParts): OpenComputePlane {
  return new Plane(parts);
}

class Plane implements OpenComputePlane {
  readonly store: ModelStore;
  readonly router: Router;
  readonly #parts: ComputePlaneParts;
  readonly #backends: ComputeBackend[] = [];
  readonly #located = new Map<string, LocatedVariant>();
  readonly #shadow: Shadow;
  readonly #warmUps: WarmUps;
  /** What a model was asked last: the best guess of what it will be asked next. */
  readonly #lastShapes = new Map<string, { readonly bucket: string; readonly items: number }>();
  #opening: Promise<Places> | undefined;
  #places: Places | undefined;

  constructor(parts: ComputePlaneParts) {
    const { clock, log, random, config, store, router } = parts;
    this.store = store;
    this.router = router;
    this.#parts = parts;
    this.#shadow = createShadow({
      clock,
      log,
      random,
      share: config.shadowShare,
      run: (spec, variant, inputs, limits) => this.#runShadow(spec, variant, inputs, limits),
      observe: (observation) => router.observeQuality(observation),
    });
    this.#warmUps = createWarmUps({ clock, log, load: (arm, signal) => this.#load(arm, signal) });
  }

  attach({ models, backends }: Parameters<OpenComputePlane["attach"]>[0]): void {
    this.store.declare(models);
    this.#backends.push(...backends);
  }

  async run(call: ModelCall): Promise<ModelAnswer> {
    const { clock } = this.#parts;
    const spec = this.store.spec(call.model);
    throwIfOver(call, clock.nowMs());
    const places = this.#places ?? (await this.#open());
    this.#checkInputs(spec, call, places);
    const { bucket, items } = shapeOf(call.inputs);
    this.#lastShapes.set(call.model, { bucket, items });
    const base = routeBase({ scope: call, spec, store: this.store, nowMs: clock.nowMs(), bucket, items });
    for (const { pool } of places.pools) this.router.report(pool.id, pool.telemetry());
    const dispatched = await dispatch({
      clock,
      router: this.router,
      guards: places.guards,
      call,
      base,
      spec,
      arms: () => this.#arms(spec, places),
      submit: (arm, signal) => this.#submit(spec, arm, places, { ...jobOf(call), signal }),
      warmUp: (arm) => this.#warmUps.consider(arm),
      price: (arm, result) => {
        const { usd, joules } = priceOf(arm, placeOf(places, arm), result, this.#hour());
        return { usd, joules: joules?.value };
      },
    });
    const { placement, result } = dispatched;
    const best = bestVariantHere(spec, this.store);
    if (best !== undefined) this.#shadow.consider(call, spec, placement.arm.variant, best, result.outputs);
    const use = modelUse({
      spec,
      digest: this.#located.get(keyOf(spec, placement.arm.variant))?.digest ?? null,
      dispatched,
      price: priceOf(placement.arm, placeOf(places, placement.arm), result, this.#hour()),
      bestQuality: best?.quality ?? 0,
    });
    return { outputs: result.outputs, use };
  }

  async assets(model: string, { signal }: { readonly signal: AbortSignal }): Promise<Readonly<Record<string, Blob>>> {
    const paths = await this.store.locateAssets(this.store.spec(model), { signal });
    const files = Object.entries(paths).map(async ([name, path]) => [name, await openAsBlob(path)] as const);
    return Object.fromEntries(await Promise.all(files));
  }

  chooseRung: OpenComputePlane["chooseRung"] = (choice) => {
    const places = this.#places;
    if (places === undefined) return undefined; // nothing is known before the first call
    const { clock } = this.#parts;
    const nowMs = clock.nowMs();
    for (const { pool } of places.pools) this.router.report(pool.id, pool.telemetry());
    const [first] = choice.rungs.flatMap(({ model }) => (model === undefined ? [] : [this.store.spec(model)]));
    if (first === undefined) return undefined;
    const scope = { ...choice, policy: { ...choice.policy, compute: undefined } }; // each rung has a pin of its own
    const base = routeBase({ scope, spec: first, store: this.store, nowMs, bucket: "ladder", items: 1 });
    return chooseRung({
      choice,
      armsOf: ({ quality, model }) => {
        if (model === undefined) return undefined;
        const pin = pinOf(choice.policy, model, this.store);
        return this.#arms(this.store.spec(model), places, quality).filter((arm) => unmetPin(pin, arm) === undefined);
      },
      preview: (arms, { model = "" }) =>
        this.router.decide({ ...base, ...this.#lastShapes.get(model), preview: true }, arms),
      weigh: (arms) => this.router.decide({ ...base, preview: true }, arms),
    });
  };

  /** Never fetches: what is not on this machine has no digest. */
  async digest(model: string, name: string): Promise<string | undefined> {
    const spec = this.store.spec(model);
    const variant = spec.variants.find((some) => some.name === name);
    if (variant === undefined || this.store.state(spec, variant) !== "ready") return undefined;
    return (await this.#locate(spec, name, never)).digest ?? undefined;
  }

  async warm({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    await this.#open();
    await Promise.all(this.#parts.config.preload.map((model) => this.describe(model, { signal })));
  }

  async pools(): Promise<readonly OpenPool[]> {
    return (await this.#open()).pools;
  }

  async decisions(ids: readonly string[]): Promise<readonly DecisionRecord[]> {
    const inMemory = ids.flatMap((id) => this.router.record(id) ?? []);
    const missing = new Set(ids.filter((id) => !inMemory.some((record) => record.id === id)));
    const onDisk: DecisionRecord[] = [];
    for (const id of missing)
      onDisk.push(...[await this.#parts.decisions?.find(id)].filter((found) => found !== undefined));
    return [...onDisk, ...inMemory].toSorted((a, b) => a.at.localeCompare(b.at));
  }

  async describe(model: string, { signal }: { readonly signal: AbortSignal }): Promise<ModelDescription> {
    const spec = this.store.spec(model);
    const places = await this.#open();
    const decision = this.router.decide(
      { bucket: "load", items: 1, remainingMs: Infinity, tenant: "", preview: true },
      this.#arms(spec, places),
    );
    if (decision.arm === undefined) throw refusalError(spec, decision);
    const { variant } = decision.arm;
    const { pool } = placeOf(places, decision.arm);
    const located = await this.#locate(spec, variant, signal);
    return { spec, variant, signature: await pool.load(located, { signal }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shadow.settled();
    await this.#warmUps.close();
    const places = await this.#opening?.catch(() => undefined); // pools that did not open need no closing
    await Promise.all(places?.pools.map(({ pool }) => pool.close()) ?? []);
    this.router.close();
    await this.#parts.closed?.();
  }

  async #open(): Promise<Places> {
    const { clock, config, openPools } = this.#parts;
    this.#opening ??= openPools(this.#backends).then((pools) => {
      const { retryShare, hedgeShare } = config;
      return (this.#places = { pools, guards: createGuards({ clock, pools, retryShare, hedgeShare }) });
    });
    try {
      return await this.#opening;
    } catch (error) {
      this.#opening = undefined; // the next call tries again
      throw error;
    }
  }

  #arms(spec: ModelSpec, { pools }: Places, rungQuality?: number): readonly Arm[] {
    return armsOf({ spec, store: this.store, pools, rungQuality, hour: this.#hour() });
  }

  /** Of the day, UTC: carbon intensity goes by it. */
  #hour(): number {
    return new Date(this.#parts.clock.epochMs()).getUTCHours();
  }

  /** What is wrong with the inputs is said before anything is queued, as soon as somebody knows the signature. */
  #checkInputs(spec: ModelSpec, { inputs }: ModelCall, { pools }: Places): void {
    const [variant] = spec.variants;
    const known =
      variant && pools.map(({ pool }) => pool.signature({ spec, variant })).find((some) => some !== undefined);
    const signature = known ?? spec.signature;
    if (signature !== undefined) checkTensors(spec.id, signature, inputs);
  }

  async #submit(spec: ModelSpec, arm: Arm, places: Places, job: Omit<PoolJob, "located">): Promise<PoolResult> {
    return placeOf(places, arm).pool.submit({ ...job, located: await this.#locate(spec, arm.variant, job.signal) });
  }

  /** What is not on this machine is fetched when a call waits for it, not because it might be useful. */
  async #load(arm: Arm, signal: AbortSignal): Promise<void> {
    const spec = this.store.spec(arm.model);
    const variant = spec.variants.find(({ name }) => name === arm.variant);
    if (variant === undefined || this.store.state(spec, variant) !== "ready") return;
    const located = await this.#locate(spec, arm.variant, signal);
    await placeOf(await this.#open(), arm).pool.load(located, { signal });
  }

  async #locate(spec: ModelSpec, name: string, signal: AbortSignal): Promise<LocatedVariant> {
    const key = keyOf(spec, name);
    const known = this.#located.get(key);
    if (known !== undefined) return known;
    const variant = spec.variants.find((some) => some.name === name) as ModelVariant; // arms are made of the variants
    const located = await this.store.locate(spec, variant, { signal });
    throwIfCancelled(signal, `Finding the files of model "${spec.id}"`);
    this.#located.set(key, located);
    return located;
  }

  async #runShadow(...[spec, variant, inputs, limits]: Parameters<Parameters<typeof createShadow>[0]["run"]>) {
    const places = await this.#open();
    const { bucket, items } = shapeOf(inputs);
    const scope = { ...limits, runId: "shadow", step: "shadow" };
    const base = routeBase({ scope, spec, store: this.store, nowMs: this.#parts.clock.nowMs(), bucket, items });
    const decision = this.router.decide(
      { ...base, criticality: "sheddable", preview: true },
      this.#arms(spec, places).filter((arm) => arm.variant === variant.name),
    );
    if (decision.arm === undefined) throw refusalError(spec, decision);
    const { signal, deadlineMs } = limits;
    return this.#submit(spec, decision.arm, places, { inputs, signal, deadlineMs, criticality: "sheddable" });
  }
}

/** The signal of what nobody can cancel. */
const never = new AbortController().signal;

function keyOf({ id, version }: ModelSpec, variant: string): string {
  return `${id}@${version} ${variant}`;
}

function placeOf({ pools }: Places, arm: Arm): OpenPool {
  return pools.find(({ pool }) => pool.id === arm.pool) as OpenPool; // arms are made of the open pools
}

function jobOf({ inputs, deadlineMs, policy }: ModelCall): Omit<PoolJob, "located" | "signal"> {
  return { inputs, deadlineMs, criticality: policy.criticality ?? "normal" };
}
