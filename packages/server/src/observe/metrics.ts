import type { ComputeSnapshot } from "@stargate/compute";
import type { Receipt, ServiceStatus } from "@stargate/kernel";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { addComputeMetrics } from "./compute-metrics.ts";

/** Seconds; from a small text pipeline to a book of scans. */
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export interface RequestMeasurement {
  /** Route pattern, never the path itself: labels must stay few. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

/** What the gateway counts, in Prometheus terms. */
export interface Metrics {
  readonly registry: Registry;
  request(measurement: RequestMeasurement): void;
  body(bytes: number): void;
  run(pipeline: string, outcome: string): void;
  receipt(receipt: Receipt): void;
}

/** What is read when the metrics are scraped. */
export interface MetricsSources {
  /** Requests being worked on. */
  inFlight(): number;
  services(): readonly ServiceStatus[];
  /** Undefined as long as no model has been asked for. */
  compute(): ComputeSnapshot | undefined;
  /** Asynchronous jobs. */
  jobs(): { readonly queued: number; readonly running: number };
}

/** Makes the metrics of one gateway. */
export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  addComputeMetrics(registry, () => sources.compute());
  const requests = new Histogram({
    name: "stargate_http_request_duration_seconds",
    help: "Time from request to the end of the handler",
    labelNames: ["route", "method", "status"],
    buckets: durationBuckets,
    registers,
  });
  const bodies = new Counter({
    name: "stargate_http_request_body_bytes_total",
    help: "Bytes of request bodies",
    registers,
  });
  const runs = new Counter({
    name: "stargate_runs_total",
    help: 'Runs by pipeline ("" for a planned way) and outcome ("ok" or an error code)',
    labelNames: ["pipeline", "outcome"],
    registers,
  });
  const steps = new Histogram({
    name: "stargate_step_duration_seconds",
    help: "Wall time of a step, summed over its invocations in one run",
    labelNames: ["uses"],
    buckets: durationBuckets,
    registers,
  });
  const degradations = new Counter({
    name: "stargate_degradations_total",
    help: "Announced degradations",
    labelNames: ["step"],
    registers,
  });
  const issues = new Counter({
    name: "stargate_issues_total",
    help: "Itemised issues of successful runs",
    labelNames: ["code"],
    registers,
  });
  const incomplete = new Counter({
    name: "stargate_incomplete_answers_total",
    help: "Answers that cover less than the whole input",
    registers,
  });
  new Gauge({
    name: "stargate_http_requests_in_flight",
    help: "Requests being worked on",
    registers,
    collect() {
      this.set(sources.inFlight());
    },
  });
  new Gauge({
    name: "stargate_jobs",
    help: "Asynchronous jobs that wait and that run",
    labelNames: ["state"],
    registers,
    collect() {
      for (const [state, jobs] of Object.entries(sources.jobs())) this.set({ state }, jobs);
    },
  });
  new Gauge({
    name: "stargate_service_items",
    help: "Items of a service since it was started, by what became of them, and those in flight",
    labelNames: ["service", "state"],
    registers,
    collect() {
      for (const { name, delivered, repeated, rejected, inFlight } of sources.services()) {
        for (const [state, items] of Object.entries({ delivered, repeated, rejected, inFlight }))
          this.set({ service: name, state }, items);
      }
    },
  });
  new Gauge({
    name: "stargate_service_healthy",
    help: "1 while source, sink and store of a service work, 0 while one of them fails",
    labelNames: ["service"],
    registers,
    collect() {
      for (const { name, healthy } of sources.services()) this.set({ service: name }, Number(healthy));
    },
  });
  // A labelled child costs a hash of its labels at every look-up; the few there are get kept.
  const requestSeries = keptChildren<
    Pick<RequestMeasurement, "route" | "method" | "status">,
    Histogram.Internal<"route" | "method" | "status">
  >(
    ({ route, method, status }) => `${method} ${route} ${status}`,
    ({ route, method, status }) => requests.labels(route, method, String(status)),
  );
  const stepSeries = keptChildren(
    (uses: string) => uses,
    (uses) => steps.labels(uses),
  );
  const runSeries = keptChildren(
    ({ pipeline, outcome }: { pipeline: string; outcome: string }) => `${pipeline} ${outcome}`,
    ({ pipeline, outcome }) => runs.labels(pipeline, outcome),
  );
  return {
    registry,
    request: (measurement) => requestSeries(measurement).observe(measurement.seconds),
    body: (bytes) => bodies.inc(bytes),
    run: (pipeline, outcome) => runSeries({ pipeline, outcome }).inc(),
    receipt(receipt) {
      for (const step of receipt.steps) stepSeries(step.uses).observe(step.ms / 1000);
      for (const { step } of receipt.degradations) degradations.inc({ step });
      for (const { code } of receipt.issues) issues.inc({ code });
      if (receipt.coverage.some(({ done, of }) => of !== null && done < of)) incomplete.inc();
    },
  };
}

function keptChildren<Labels, Child>(
  keyOf: (labels: Labels) => string,
  make: (labels: Labels) => Child,
): (labels: Labels) => Child {
  const children = new Map<string, Child>();
  return (labels) => {
    const key = keyOf(labels);
    let child = children.get(key);
    if (child === undefined) children.set(key, (child = make(labels)));
    return child;
  };
}
