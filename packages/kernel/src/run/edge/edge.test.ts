import { describe, expect, it } from "vitest";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { number } from "../../testing/numbers-adapter.ts";
import { createGate, createRunKit, stack, step } from "../../testing/run-kit.ts";
import type { EdgeLimits } from "./channel.ts";
import { createPayload } from "../create-payload.ts";
import { Outlet } from "./outlet.ts";
import { Process } from "./process.ts";
import { Quiescence } from "./quiescence.ts";
import type { RunEvent } from "../runner.ts";
import { Scope } from "./scope.ts";

const limits: EdgeLimits = { maxItems: 2, maxBytes: 4096 };

function wire(readers: number, modality: typeof number | typeof stack = number) {
  const scope = new Scope(new Quiescence());
  const outlet = new Outlet(modality, new Process("writer", scope), limits);
  const processes = Array.from({ length: readers }, (_, index) => new Process(`reader ${index}`, scope));
  const channels = processes.map((process) => outlet.connect(process));
  const written: number[] = [];
  /** Starts writing and notes what has got through. */
  const write = async (count: number): Promise<void> => {
    for (let value = 0; value < count && (await outlet.write(createPayload(number, value))); value++)
      written.push(value);
  };
  const read = async (reader: number): Promise<unknown> => {
    const item = await channels[reader]!.read(processes[reader]!);
    return typeof item === "string" || !("value" in item) ? item : item.value;
  };
  return { scope, outlet, channels, processes, written, write, read };
}

/** Lets everything happen that can. */
const settle = (): Promise<void> => createFakeClock().advance(0);

describe("an edge", () => {
  it("lets a writer run no further ahead than its bound in items", async () => {
    const { written, write, read } = wire(1);
    const writing = write(5);
    await settle();
    expect(written).toEqual([0, 1]);
    expect(await read(0)).toBe(0);
    await settle();
    expect(written).toEqual([0, 1, 2]);
    for (let value = 1; value < 5; value++) expect(await read(0)).toBe(value);
    await writing;
  });

  it("lets a writer run no further ahead than its bound in bytes", async () => {
    const { outlet, channels } = wire(1, stack);
    await outlet.write(createPayload(stack, { pages: 3, label: "3 KiB" }));
    expect(channels[0]!.bytes).toBe(3072);
    expect(channels[0]!.hasRoom(1024)).toBe(true);
    expect(channels[0]!.hasRoom(1025)).toBe(false);
  });

  it("lets an item larger than its bound pass alone", async () => {
    const { outlet, channels } = wire(1, stack);
    expect(await outlet.write(createPayload(stack, { pages: 100, label: "100 KiB" }))).toBe(true);
    expect(channels[0]!.hasRoom(1)).toBe(false);
  });

  it("gives every reader the whole stream and waits for the slowest", async () => {
    const { outlet, written, write, read } = wire(2);
    const writing = write(4).then(() => outlet.finish("ended"));
    const fast = [await read(0), await read(0)];
    await settle();
    expect(written).toEqual([0, 1]);
    const slow = [await read(1), await read(1), await read(1), await read(1)];
    fast.push(await read(0), await read(0));
    await writing;
    expect([fast, slow]).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
    expect([await read(0), await read(1)]).toEqual(["ended", "ended"]);
  });

  it("no longer waits for a reader that has left, and stops the writer when all have", async () => {
    const { outlet, channels, written, write } = wire(2);
    const writing = write(10);
    await settle();
    channels[0]!.close();
    await settle();
    expect(written).toHaveLength(2);
    channels[1]!.close();
    await writing;
    expect(written).toHaveLength(2);
    expect(outlet.wanted).toBe(false);
  });

  it("drops what is queued for a reader that ends", async () => {
    const { scope, processes, write } = wire(1);
    const writing = write(3);
    await settle();
    expect(scope.quiescence.queuedItems).toBe(2);
    processes[0]!.end();
    await writing;
    expect(scope.quiescence.queuedItems).toBe(0);
  });
});

describe("an artificial deadlock", () => {
  it("is resolved by letting the smallest full edge on the circle grow by one item", async () => {
    const { scope, channels, processes, written, write, read } = wire(2);
    // Reader 1 takes nothing before reader 0 has written to it, and reader 0 wants four items before it does.
    const between = new Outlet(number, processes[0]!, limits).connect(processes[1]!);
    const waiting = between.read(processes[1]!);
    const writing = write(4);
    const collected = [await read(0), await read(0), await read(0), await read(0)];
    await writing;
    expect(collected).toEqual([0, 1, 2, 3]);
    expect(written).toHaveLength(4);
    expect(channels[1]!.length).toBe(4);
    expect(channels[0]!.length).toBe(0);
    await between.outlet.write(createPayload(number, 9));
    expect(await waiting).toHaveProperty("value", 9);
    expect(scope.failure).toBeUndefined();
  });

  it("is found although a live source keeps another part of the run waiting", async () => {
    const kit = createRunKit();
    const silence = createGate();
    async function* live() {
      await silence.promise;
      yield 1;
    }
    const ended = createGate();
    // Every item needs the sum of all of them: the map waits for the fold, and the fold for the edge to the map.
    const graph = kit.pipeline({ n: "many(number)", live: "many(number)" }, [
      step("sum", "numbers.fold", "n"),
      {
        kind: "map",
        id: "each",
        over: "n",
        from: { sum: "sum" },
        body: {
          inputs: { item: "number", sum: "number" },
          steps: [step("both", "numbers.combine", { left: "item", right: "sum" })],
          output: "both",
        },
      },
      step("all", "numbers.fold", "each"),
      step("other", "numbers.fold", "live"),
      step("last", "numbers.combine", { left: "all", right: "other" }),
    ]);
    const onEvent = (event: RunEvent): void => {
      if (event.type === "step-end" && event.step === "all") ended.open();
    };
    const running = kit.run(graph, { n: Array.from({ length: 100 }, (_, index) => index), live: live() }, { onEvent });
    await ended.promise;
    silence.open();
    expect((await running).receipt.steps.find(({ id }) => id === "each/both")?.invocations).toBe(100);
  });

  it("is not seen where a slow consumer merely holds the others up", async () => {
    const { channels, written, write, read } = wire(2);
    const writing = write(4);
    await read(0);
    await read(0);
    void read(0);
    await settle();
    expect(written).toHaveLength(2);
    expect(channels[1]!.length).toBe(2);
    channels.forEach((channel) => channel.close());
    await writing;
  });
});
