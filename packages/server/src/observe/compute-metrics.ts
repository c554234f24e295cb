import type { ComputeSnapshot } from "@stargate/compute";
import { Counter, Gauge, type Registry } from "prom-client";

type Pool = ComputeSnapshot["pools"][number];

/** One series: what there is of it in a pool, undefined while that is not known. */
interface Series {
  readonly name: string;
  readonly help: string;
  readonly of: (pool: Pool) => number | null;
}

/** Several series, told apart by one label. */
interface LabelledSeries {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly of: (pool: Pool) => Readonly<Record<string, number>>;
}

const gauges: readonly Series[] = [
  { name: "stargate_pool_slots", help: "Runs a pool can make at once", of: ({ slots }) => slots },
  { name: "stargate_pool_busy_slots", help: "Runs and loads under way", of: ({ busySlots }) => busySlots },
  { name: "stargate_pool_queued_calls", help: "Calls that wait for a slot", of: ({ queuedCalls }) => queuedCalls },
  {
    name: "stargate_pool_backlog_seconds",
    help: "Predicted time to clear what is queued and running",
    of: ({ backlogMs }) => backlogMs / 1000,
  },
  { name: "stargate_pool_models_loaded", help: "Model variants that are loaded", of: ({ models }) => models.length },
  {
    name: "stargate_pool_batch_fill",
    help: "Items of the runs of the last 60 seconds over the most they could have had",
    of: ({ windows }) => windows["60s"].batchFill,
  },
];

const counters: readonly Series[] = [
  {
    name: "stargate_pool_busy_seconds_total",
    help: "Time slots were busy: its rate over stargate_pool_slots is the busy fraction",
    of: ({ totals }) => totals.busySeconds,
  },
  { name: "stargate_pool_items_total", help: "Items of runs", of: ({ totals }) => totals.items },
  {
    name: "stargate_pool_flops_total",
    help: "Floating-point operations, as far as those of the models are known",
    of: ({ totals }) => totals.flops,
  },
  {
    name: "stargate_pool_carbon_grams_total",
    help: "Carbon dioxide of the energy of runs, where the intensity is configured",
    of: ({ totals }) => totals.carbonGrams,
  },
];

const labelledCounters: readonly LabelledSeries[] = [
  { name: "stargate_pool_runs_total", help: "Runs by outcome", label: "outcome", of: ({ totals }) => totals.runs },
  {
    name: "stargate_pool_releases_total",
    help: "Runs by the reason why they began with the calls they had",
    label: "reason",
    of: ({ totals }) => totals.releases,
  },
  {
    name: "stargate_pool_refusals_total",
    help: "Calls a pool refused, by code",
    label: "code",
    of: ({ totals }) => totals.refusals,
  },
  {
    name: "stargate_pool_host_events_total",
    help: "What happened to model hosts",
    label: "event",
    of: ({ totals }) => totals.hosts,
  },
  {
    name: "stargate_pool_joules_total",
    help: "Energy of runs, by how it is known",
    label: "basis",
    of: ({ totals }) => totals.joules,
  },
];

/** Adds what the compute plane counts, read from it whenever somebody scrapes. */
export function addComputeMetrics(registry: Registry, snapshot: () => ComputeSnapshot | undefined): void {
  const registers = [registry];
  const read = oncePerTurn(snapshot);
  for (const { of, ...series } of gauges) {
    new Gauge({
      ...series,
      labelNames: ["pool"],
      registers,
      collect() {
        this.reset();
        for (const pool of read()?.pools ?? []) setKnown((value) => this.set({ pool: pool.id }, value), of(pool));
      },
    });
  }
  for (const { of, ...series } of counters) {
    new Counter({
      ...series,
      labelNames: ["pool"],
      registers,
      collect() {
        this.reset();
        for (const pool of read()?.pools ?? []) setKnown((value) => this.inc({ pool: pool.id }, value), of(pool));
      },
    });
  }
  for (const { of, label, ...series } of labelledCounters) {
    new Counter({
      ...series,
      labelNames: ["pool", label],
      registers,
      collect() {
        this.reset();
        for (const pool of read()?.pools ?? [])
          for (const [kind, value] of Object.entries(of(pool))) this.inc({ pool: pool.id, [label]: kind }, value);
      },
    });
  }
}

function setKnown(set: (value: number) => void, value: number | null): void {
  if (value !== null) set(value);
}

/** All metrics are collected in one turn of the event loop: they share a snapshot. */
function oncePerTurn<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    if (made === undefined) {
      made = { value: make() };
      setImmediate(() => (made = undefined));
    }
    return made.value;
  };
}
