import { afterEach, describe, expect, it } from "vitest";
import type { SourceItem } from "../../contract/connector.ts";
import type { Log } from "../../contract/run-context.ts";
import { defineAdapter } from "../../define/define-adapter.ts";
import { defineTransform } from "../../define/define-transform.ts";
import { many } from "../../define/many.ts";
import { createErrorFactory } from "../../errors/error-factory.ts";
import { compileGraph } from "../../graph/compile.ts";
import type { Graph } from "../../graph/graph.ts";
import { text } from "../../modalities/index.ts";
import { createRegistry } from "../../registry/create-registry.ts";
import { createFakeClock, type FakeClock } from "../../testing/fake-clock.ts";
import { ListSink, ListSource } from "../../testing/list-connectors.ts";
import { seededRandom } from "../../testing/seeded-random.ts";
import type { Json } from "../../util/json.ts";
import { createRunner } from "../create-runner.ts";
import { createPortableHost } from "../host/portable-host.ts";
import { createService, type Service, type ServiceOptions } from "./service.ts";
import { runnerPipeline, type ServicePipeline } from "./service-pipeline.ts";
import { createMemoryServiceStore } from "./service-store.ts";

const fail = createErrorFactory({
  SG_TEST_PASSES: {
    title: "Passes",
    meaning: "It may pass.",
    solution: "Wait.",
    status: 503,
    retryable: true,
    public: true,
  },
  SG_TEST_NEVER: {
    title: "Never",
    meaning: "It never will.",
    solution: "Change the item.",
    status: 422,
    retryable: false,
    public: true,
  },
});
const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const shout = defineTransform({
  id: "demo.shout",
  version: "1.0.0",
  summary: "Upper case",
  from: text,
  to: text,
  coverage: "whole",
  run: (input) => input.toUpperCase(),
});
const count = defineTransform({
  id: "demo.count",
  version: "1.0.0",
  summary: "Joins texts",
  from: many(text),
  to: text,
  coverage: "whole",
  run: async (input) => {
    let all = "";
    for await (const one of input) all += one;
    return all;
  },
});
const registry = createRegistry([
  defineAdapter({ spec: 1, id: "demo", version: "1.0.0", summary: "Demo", transforms: [shout, count] }),
]);
const host = createPortableHost();
const runner = createRunner({ host, registry });
const graph: Graph = {
  stargate: 1,
  name: "shout",
  inputs: { text: "text" },
  steps: [{ kind: "transform", id: "shout", use: "demo.shout", from: "text" }],
  output: "shout",
};
const pipeline = runnerPipeline({ runner, graph: compileGraph(graph, registry), modality: text });

/** The real pipeline behind something that happens before. */
function pipelineAfter(before: (item: SourceItem, signal: AbortSignal) => void | Promise<void>): ServicePipeline {
  return {
    key: pipeline.key,
    async run(item, options) {
      await before(item, options.signal);
      return pipeline.run(item, options);
    },
  };
}

let clock: FakeClock;
const services: Service[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) {
    const stopping = service.stop({ drainMs: 1 });
    await clock.advance(10);
    await stopping;
  }
});

function start(options: Partial<ServiceOptions> & Pick<ServiceOptions, "source" | "sink">): Service {
  clock = createFakeClock();
  const service = createService({
    name: "demo",
    pipeline,
    store: createMemoryServiceStore(),
    clock,
    log: silent,
    random: () => 1,
    ...options,
  });
  services.push(service);
  service.start();
  return service;
}

describe("service", () => {
  it("takes every item of the source through the pipeline to the sink and acknowledges it", async () => {
    const [source, sink] = [new ListSource(["a", "b", "c"]), new ListSink()];
    const service = start({ source, sink });
    await service.ended;
    expect(sink.values.toSorted()).toEqual(["A", "B", "C"]);
    expect(source.acknowledged.toSorted()).toEqual(["a", "b", "c"]);
    expect(service.status()).toMatchObject({
      state: "ended",
      healthy: true,
      delivered: 3,
      rejected: 0,
      restarts: 0,
      inFlight: 0,
      lagMs: 0,
      lastError: null,
    });
  });

  it("acknowledges only after the sink has taken the result and the store has noted it", async () => {
    const order: string[] = [];
    const source = new ListSource(["a"]);
    const sink = new ListSink();
    sink.before = () => void order.push("sink");
    const memory = createMemoryServiceStore();
    const store = {
      ...memory,
      save: (...progress: Parameters<typeof memory.save>) => (order.push("store"), memory.save(...progress)),
    };
    const service = start({ source, sink, store, onOutcome: () => order.push(...source.acknowledged, "outcome") });
    await service.ended;
    expect(order).toEqual(["sink", "store", "a", "outcome"]);
  });

  it("delivers the same content once, even when it comes twice at the same time", async () => {
    const [source, sink] = [new ListSource(["a", "a", "b", "a"]), new ListSink()];
    const service = start({ source, sink, concurrency: 4 });
    await service.ended;
    expect({ attempts: sink.attempts, acknowledged: source.acknowledged.length }).toEqual({
      attempts: 2,
      acknowledged: 4,
    });
    expect(service.status()).toMatchObject({ delivered: 2, repeated: 2 });
  });

  it("does the same item again when the pipeline is another", async () => {
    const store = createMemoryServiceStore();
    const sink = new ListSink();
    await start({ source: new ListSource(["a"]), sink, store }).ended;
    await start({
      source: new ListSource(["a"], {}),
      sink,
      store: { ...store, load: () => Promise.resolve(null) },
      pipeline: { ...pipeline, key: "another" },
    }).ended;
    expect(sink.attempts).toBe(2);
  });

  it("works on no more items at once than it may", async () => {
    let [now, most] = [0, 0];
    let release = (): void => undefined;
    const three = new Promise<void>((resolve) => (release = resolve));
    const source = new ListSource(Array.from({ length: 20 }, (_, index) => `item ${index}`));
    const busy = pipelineAfter(async () => {
      most = Math.max(most, (now += 1));
      if (now === 3) release();
      await three;
      now -= 1;
    });
    await start({ source, sink: new ListSink(), concurrency: 3, pipeline: busy }).ended;
    expect(most).toBe(3);
  });

  it("tries an item again with growing pauses while its error may pass", async () => {
    let attempts = 0;
    const sink = new ListSink();
    const service = start({
      source: new ListSource(["a"]),
      sink,
      retry: { backoffMs: 100, maxBackoffMs: 150 },
      pipeline: pipelineAfter(() => {
        attempts += 1;
        if (attempts < 4) throw fail("SG_TEST_PASSES", "not yet");
      }),
    });
    const seen: number[] = [];
    for (const ms of [0, 99, 1, 149, 1, 149, 1]) {
      await clock.advance(ms);
      seen.push(attempts);
    }
    expect(seen).toEqual([1, 1, 2, 2, 3, 3, 4]);
    await service.ended;
    expect(service.status()).toMatchObject({ delivered: 1, retries: 3, lastError: { code: "SG_TEST_PASSES" } });
  });

  it("puts an item aside that can never succeed, with its reason, and goes on", async () => {
    const source = new ListSource(["a", "bad", "c"]);
    const sink = new ListSink();
    const service = start({
      source,
      sink,
      pipeline: pipelineAfter((item) => {
        if (item.name === "bad") throw fail("SG_TEST_NEVER", "cannot be read");
      }),
    });
    await service.ended;
    expect(source.rejected).toEqual({ bad: "SG_TEST_NEVER" });
    expect(source.acknowledged.toSorted()).toEqual(["a", "c"]);
    expect(service.status()).toMatchObject({ delivered: 2, rejected: 1, retries: 0 });
  });

  it("puts an item aside after its last attempt", async () => {
    const source = new ListSource(["a"]);
    const service = start({
      source,
      sink: new ListSink(),
      retry: { attempts: 3, backoffMs: 1 },
      pipeline: pipelineAfter(() => {
        throw fail("SG_TEST_PASSES", "never does");
      }),
    });
    await clock.advance(100);
    await service.ended;
    expect(source.rejected).toEqual({ a: "SG_TEST_PASSES" });
    expect(service.status()).toMatchObject({ rejected: 1, retries: 2 });
  });

  it("offers a result to a failing sink without end and says that it is not healthy", async () => {
    const sink = new ListSink();
    let down = true;
    sink.before = () => {
      if (down) throw new TypeError("disk on fire");
    };
    const service = start({
      source: new ListSource(["a"]),
      sink,
      retry: { attempts: 1 },
      restart: { backoffMs: 10, maxBackoffMs: 10 },
    });
    await clock.advance(1000);
    expect(sink.attempts).toBe(101);
    expect(service.status()).toMatchObject({
      healthy: false,
      inFlight: 1,
      lagMs: 1000,
      lastError: { code: "SG_RUN_FAILED", message: "disk on fire" },
    });
    down = false;
    await clock.advance(10);
    await service.ended;
    expect(service.status()).toMatchObject({ healthy: true, delivered: 1 });
  });

  it("waits as long as the receiver asks for", async () => {
    const sink = new ListSink();
    sink.before = () => {
      if (sink.attempts === 1) throw fail("SG_TEST_PASSES", "busy", { details: { retryAfterMs: 5000 } });
    };
    start({ source: new ListSource(["a"]), sink, restart: { backoffMs: 10 } });
    await clock.advance(4999);
    expect(sink.attempts).toBe(1);
    await clock.advance(1);
    expect(sink.attempts).toBe(2);
  });

  it("puts an item aside that the sink refuses for good", async () => {
    const [source, sink] = [new ListSource(["a"]), new ListSink()];
    sink.before = () => {
      throw fail("SG_TEST_NEVER", "not for me");
    };
    await start({ source, sink }).ended;
    expect(source.rejected).toEqual({ a: "SG_TEST_NEVER" });
  });

  it("starts a failed source again after growing pauses, from the position before which all is done", async () => {
    const source = new ListSource(["a", "b", "c"], {
      onOpen: (times) => {
        if (times === 2 || times === 3) throw new TypeError("no connection");
      },
    });
    const sink = new ListSink();
    const service = start({
      source,
      sink,
      concurrency: 1,
      restart: { backoffMs: 100 },
      store: storeFailingOnce("b"),
    });
    await clock.advance(0);
    expect(service.status()).toMatchObject({ state: "waiting", healthy: false, restarts: 1 });
    await clock.advance(100);
    expect(source.opened).toEqual([null, 0]);
    await clock.advance(199);
    expect(source.opened).toEqual([null, 0]);
    await clock.advance(1);
    expect(source.opened).toEqual([null, 0, 0]);
    await clock.advance(400);
    await service.ended;
    expect(source.opened).toEqual([null, 0, 0, 0]);
    expect(sink.values).toEqual(["A", "B", "C"]);
    expect(source.acknowledged).toEqual(["a", "b", "c"]);
  });

  it("never moves the position over an item that is not done", async () => {
    const saved: Json[] = [];
    const memory = createMemoryServiceStore();
    let releaseFirst = (): void => undefined;
    const first = new Promise<void>((resolve) => (releaseFirst = resolve));
    const service = start({
      source: new ListSource(["slow", "b", "c"]),
      sink: new ListSink(),
      concurrency: 3,
      store: { ...memory, save: (name, progress) => (saved.push(progress.cursor), memory.save(name, progress)) },
      pipeline: pipelineAfter((item) => (item.name === "slow" ? first : undefined)),
    });
    await clock.advance(0);
    expect(saved).toEqual([null, null]);
    releaseFirst();
    await service.ended;
    expect(saved).toEqual([null, null, 2]);
    expect(await memory.load("demo")).toBe(2);
  });

  it("stops gracefully: no further items, those under way are finished", async () => {
    const source = new ListSource(["a", "b", "c"], { stayOpen: true });
    const sink = new ListSink();
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const service = start({ source, sink, concurrency: 1, pipeline: pipelineAfter(() => gate) });
    await clock.advance(0);
    const stopping = service.stop();
    expect(service.status()).toMatchObject({ state: "draining", inFlight: 1 });
    release();
    await stopping;
    expect(sink.values).toEqual(["A"]);
    expect(source.acknowledged).toEqual(["a"]);
    expect(service.status().state).toBe("ended");
  });

  it("cancels what has not ended in time and leaves it unacknowledged", async () => {
    const source = new ListSource(["a"], { stayOpen: true });
    const service = start({
      source,
      sink: new ListSink(),
      pipeline: pipelineAfter(
        (_item, signal) =>
          new Promise((_resolve, reject) =>
            signal.addEventListener("abort", () => reject(fail("SG_TEST_PASSES", "cancelled")), { once: true }),
          ),
      ),
    });
    await clock.advance(0);
    const stopping = service.stop({ drainMs: 500 });
    await clock.advance(500);
    await stopping;
    expect({ acknowledged: source.acknowledged, rejected: source.rejected }).toEqual({
      acknowledged: [],
      rejected: {},
    });
  });

  it("does not wait for pauses when it stops", async () => {
    const sink = new ListSink();
    sink.before = () => {
      throw fail("SG_TEST_PASSES", "down");
    };
    const source = new ListSource(["a"]);
    const service = start({ source, sink, restart: { backoffMs: 1e9, maxBackoffMs: 1e9 } });
    await clock.advance(0);
    await service.stop({ drainMs: 1e9 });
    expect(source.acknowledged).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("refuses a pipeline that does not take the source's items", () => {
    const streaming: Graph = {
      ...graph,
      inputs: { texts: "many(text)" },
      steps: [{ kind: "transform", id: "count", use: "demo.count", from: "texts" }],
      output: "count",
    };
    expect(() => runnerPipeline({ runner, graph: compileGraph(streaming, registry), modality: text })).toThrow(
      expect.objectContaining({
        code: "SG_SERVICE_MISMATCH",
        message: expect.stringContaining("texts: many(text)") as string,
      }) as Error,
    );
  });

  it("loses nothing and repeats nothing when store, sink and source break at random", async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = seededRandom(seed);
    const values = Array.from({ length: 60 }, (_, index) => `item ${index}`);
    const memory = createMemoryServiceStore();
    const breakSometimes = (): void => {
      if (random.chance(0.15)) throw new TypeError("broken");
    };
    const sink = new ListSink();
    sink.before = breakSometimes;
    const source = new ListSource(values, { onOpen: breakSometimes });
    const service = start({
      source,
      sink,
      concurrency: 4,
      retry: { attempts: 1000 },
      store: {
        ...memory,
        isDone: (...key) => (breakSometimes(), memory.isDone(...key)),
        save: (...progress) => (breakSometimes(), memory.save(...progress)),
      },
      pipeline: pipelineAfter(breakSometimes),
    });
    await clock.advance(1e9);
    await service.ended;
    expect(sink.values.toSorted(), `seed ${seed}`).toEqual(values.map((value) => value.toUpperCase()).toSorted());
    expect(new Set(source.acknowledged), `seed ${seed}`).toEqual(new Set(values));
  });
});

function storeFailingOnce(value: string): ReturnType<typeof createMemoryServiceStore> {
  const memory = createMemoryServiceStore();
  let failed = false;
  let calls = 0;
  return {
    ...memory,
    save(name, progress) {
      calls += 1;
      if (!failed && calls === (value === "b" ? 2 : 1)) {
        failed = true;
        return Promise.reject(new TypeError("disk full"));
      }
      return memory.save(name, progress);
    },
  };
}
