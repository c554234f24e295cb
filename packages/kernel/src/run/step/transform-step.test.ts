import { describe, expect, it } from "vitest";
import { defineTransform } from "../../define/define-transform.ts";
import { many } from "../../define/many.ts";
import { number } from "../../testing/numbers-adapter.ts";
import { createRunKit, itemsOf, stack, step } from "../../testing/run-kit.ts";
import type { RunEvent } from "../runner.ts";

const base = { version: "1.0.0", summary: "For a test" } as const;

describe("a transform's result", () => {
  it("is checked against the schema of its modality, naming the field", async () => {
    const wrong = defineTransform({
      ...base,
      id: "kit.wrong",
      from: number,
      to: stack,
      run: () => ({ pages: 1.5, label: "x" }),
    });
    const kit = createRunKit([wrong]);
    const graph = kit.pipeline({ n: "number" }, [step("wrong", "kit.wrong", "n")]);
    await expect(kit.run(graph, { n: 1 })).rejects.toMatchObject({
      code: "SG_RUN_OUTPUT_INVALID",
      message: expect.stringContaining("pages"),
    });
  });

  it("is checked item by item when it is a stream", async () => {
    const wrong = defineTransform({
      ...base,
      id: "kit.wrong",
      from: number,
      to: many(number),
      run: () => itemsOf([1, 2, -3]),
    });
    const kit = createRunKit([wrong]);
    const graph = kit.pipeline({ n: "number" }, [step("wrong", "kit.wrong", "n")]);
    await expect(kit.run(graph, { n: 1 })).rejects.toMatchObject({ code: "SG_RUN_OUTPUT_INVALID" });
  });

  it("that should be a stream and is none is named as such", async () => {
    const wrong = defineTransform({
      ...base,
      id: "kit.wrong",
      from: number,
      to: many(number),
      run: () => [1] as never,
    });
    const kit = createRunKit([wrong]);
    const graph = kit.pipeline({ n: "number" }, [step("wrong", "kit.wrong", "n")]);
    await expect(kit.run(graph, { n: 1 })).rejects.toMatchObject({
      code: "SG_RUN_OUTPUT_INVALID",
      message: expect.stringContaining("async iterable"),
    });
  });
});

describe("a failing step", () => {
  const broken = defineTransform({
    ...base,
    id: "kit.broken",
    from: number,
    to: number,
    run: () => {
      throw new TypeError("boom");
    },
  });

  it("fails the run with a typed error that keeps the cause and names the step", async () => {
    const kit = createRunKit([broken]);
    const graph = kit.pipeline({ n: "number" }, [step("broken", "kit.broken", "n")]);
    await expect(kit.run(graph, { n: 1 })).rejects.toMatchObject({
      code: "SG_RUN_FAILED",
      details: { step: "broken" },
      cause: { message: "boom" },
    });
  });

  it("passes on errors of a catalogue as they are", async () => {
    const kit = createRunKit();
    const graph = kit.pipeline({ n: "number" }, [step("refuse", "numbers.refuse", "n", { with: { by: 2 } })]);
    await expect(kit.run(graph, { n: 4 })).rejects.toMatchObject({ code: "SG_NUMBERS_DIVISIBLE" });
  });

  it("lets its orElse stand in when it is soft, and itemises the failure", async () => {
    const kit = createRunKit();
    const graph = kit.pipeline({ n: "number" }, [
      step("refuse", "numbers.refuse", "n", { with: { by: 2 }, soft: true, orElse: 7 }),
      step("add", "numbers.add", "refuse"),
    ]);
    const { payload, receipt } = await kit.run(graph, { n: 4 });
    expect(payload.value).toBe(8);
    expect(receipt.issues).toEqual([expect.objectContaining({ step: "refuse", code: "SG_NUMBERS_DIVISIBLE" })]);
    expect(receipt.steps[0]).toMatchObject({ id: "refuse", invocations: 1, failures: 1 });
  });

  it("ends its stream when it is soft, and keeps the items it gave before", async () => {
    const half = defineTransform({
      ...base,
      id: "kit.half",
      from: number,
      to: many(number),
      async *run() {
        yield 1;
        yield 2;
        throw new RangeError("no more");
      },
    });
    const kit = createRunKit([half]);
    const graph = kit.pipeline({ n: "number" }, [step("half", "kit.half", "n", { soft: true })]);
    const { payload, receipt } = await kit.run(graph, { n: 4 });
    expect(payload.value).toEqual([1, 2]);
    expect(receipt.issues).toHaveLength(1);
  });
});

describe("a step whose reader leaves", () => {
  it("is told so: its iterator is returned, and the steps before it stop", async () => {
    const log: string[] = [];
    const endless = defineTransform({
      ...base,
      id: "kit.endless",
      from: number,
      to: many(number),
      async *run() {
        try {
          for (let value = 0; ; value++) yield value;
        } finally {
          log.push("returned");
        }
      },
    });
    const firstTwo = defineTransform({
      ...base,
      id: "kit.first-two",
      from: many(number),
      to: number,
      async run(input) {
        let sum = 0;
        for await (const value of input) if ((sum += value) >= 1) break;
        return sum;
      },
    });
    const kit = createRunKit([endless, firstTwo]);
    const graph = kit.pipeline({ n: "number" }, [
      step("endless", "kit.endless", "n"),
      step("thin", "numbers.every-other", "endless"),
      step("two", "kit.first-two", "thin"),
    ]);
    expect((await kit.run(graph, { n: 1 })).payload.value).toBe(2);
    expect(log).toEqual(["returned"]);
  });
});

describe("a soft step without a stand-in, inside a map", () => {
  const kit = createRunKit();
  const inside = (output: string) =>
    kit.pipeline({ n: "many(number)" }, [
      {
        kind: "map",
        id: "each",
        over: "n",
        body: {
          inputs: { item: "number" },
          output,
          steps: [
            step("refuse", "numbers.refuse", "item", { with: { by: 2 }, soft: true }),
            step("after", "numbers.add", "refuse"),
            step("saved", "numbers.add", "after", { soft: true, orElse: 99 }),
          ],
        },
      },
    ]);

  it("skips the steps that need it and leaves the item out", async () => {
    const graph = kit.pipeline({ n: "many(number)" }, [
      {
        kind: "map",
        id: "each",
        over: "n",
        body: {
          inputs: { item: "number" },
          output: "after",
          steps: [
            step("refuse", "numbers.refuse", "item", { with: { by: 2 }, soft: true }),
            step("after", "numbers.add", "refuse"),
          ],
        },
      },
    ]);
    const { payload, receipt } = await kit.run(graph, { n: [1, 2, 3] });
    expect(payload.value).toEqual([2, 4]);
    expect(receipt.issues).toEqual([expect.objectContaining({ step: "each/refuse", item: "item 1" })]);
    expect(receipt.steps.find(({ id }) => id === "each/after")).toMatchObject({ invocations: 2 });
    expect(receipt.coverage).toEqual([
      {
        measure: "item",
        done: 2,
        of: 3,
        missing: [{ what: "item 1", reason: expect.stringContaining("SG_NUMBERS_DIVISIBLE") as string }],
      },
    ]);
  });

  it("is made up for by a later step that has a stand-in", async () => {
    const { payload } = await kit.run(inside("saved"), { n: [1, 2, 3] });
    expect(payload.value).toEqual([3, 99, 5]);
  });
});

describe("restrictions", () => {
  const picky = defineTransform({
    ...base,
    id: "kit.picky",
    from: stack,
    to: number,
    coverage: "whole",
    restrictions: [
      {
        kind: "hard",
        note: "At most 100 pages: split the stack",
        when: (descriptor) => Number(descriptor["pages"]) > 100,
      },
      {
        kind: "soft",
        note: "Read at half resolution above 10 pages",
        when: (descriptor) => Number(descriptor["pages"]) > 10,
      },
    ],
    run: (input) => input.pages,
  });
  const kit = createRunKit([picky]);
  const graph = kit.pipeline({ s: "stack" }, [step("picky", "kit.picky", "s")]);

  it("that are hard refuse the input", async () => {
    await expect(kit.run(graph, { s: { pages: 101, label: "" } })).rejects.toMatchObject({
      code: "SG_RUN_RESTRICTED",
      hint: "At most 100 pages: split the stack",
    });
  });

  it("that are soft are announced", async () => {
    const { receipt } = await kit.run(graph, { s: { pages: 11, label: "" } });
    expect(receipt.degradations).toEqual([
      { step: "picky", what: "Read at half resolution above 10 pages", reason: "restriction of the transform" },
    ]);
  });

  it("that are soft refuse under degrade: never", async () => {
    await expect(
      kit.run(graph, { s: { pages: 11, label: "" } }, { policy: { degrade: "never" } }),
    ).rejects.toMatchObject({ code: "SG_DEGRADE_REFUSED" });
  });
});

describe("the run context", () => {
  it("gives a transform what it may use, even taken apart", async () => {
    const events: RunEvent[] = [];
    const busy = defineTransform({
      ...base,
      id: "kit.busy",
      from: stack,
      to: number,
      coverage: "reported",
      run(input, { coverage, progress, emit, meter, issue, degrade, disclose, remainingMs, tenant, secrets, log }) {
        coverage({ done: 2, of: input.pages });
        progress(1, 2);
        emit("partial", { page: 1 });
        meter({ unit: "page", quantity: 2 });
        meter({ unit: "page", quantity: 1 });
        issue({ code: "SG_KIT_BLURRED", message: "Blurred", item: "page 2" });
        degrade({ what: "half resolution", reason: "too large" });
        disclose({ engine: "test", tenant, secret: secrets.get("token") ?? null });
        log.info("read");
        return Math.round(remainingMs());
      },
    });
    const kit = createRunKit([busy], { secret: (tenant, name) => `${tenant}:${name}` });
    const graph = kit.pipeline({ s: "stack" }, [step("busy", "kit.busy", "s")]);
    const { payload, receipt } = await kit.run(
      graph,
      { s: { pages: 3, label: "" } },
      { tenant: "acme", policy: { deadlineMs: 5000 }, onEvent: (event) => events.push(event) },
    );
    expect(payload.value).toBe(5000);
    expect(receipt.tenant).toBe("acme");
    expect(receipt.coverage).toEqual([{ measure: "page", done: 2, of: 3 }]);
    expect(receipt.meter).toEqual([{ step: "busy", unit: "page", quantity: 3 }]);
    expect(receipt.issues).toEqual([{ step: "busy", code: "SG_KIT_BLURRED", message: "Blurred", item: "page 2" }]);
    expect(receipt.steps[0]?.facts).toEqual({ engine: "test", tenant: "acme", secret: "acme:token" });
    expect(events.map(({ type }) => type)).toEqual([
      "step-start",
      "progress",
      "emit",
      "degradation",
      "issue",
      "step-end",
    ]);
    expect(kit.clock.pendingTimers).toBe(0);
  });

  it("refuses the network to a transform that declares none", async () => {
    const sly = defineTransform({
      ...base,
      id: "kit.sly",
      from: number,
      to: number,
      run: async (input, context) => {
        await context.fetch("https://example.org");
        return input;
      },
    });
    const kit = createRunKit([sly], { fetch: async () => new Response("x") });
    const graph = kit.pipeline({ n: "number" }, [step("sly", "kit.sly", "n")]);
    await expect(kit.run(graph, { n: 1 })).rejects.toMatchObject({ code: "SG_FETCH_DENIED" });
  });

  it("refuses state to a transform that declares none", async () => {
    const sly = defineTransform({
      ...base,
      id: "kit.sly",
      from: number,
      to: number,
      run: (input, context) => (context.state.get() as unknown as number) + input,
    });
    const kit = createRunKit([sly]);
    const graph = kit.pipeline({ n: "number" }, [step("sly", "kit.sly", "n")]);
    await expect(kit.run(graph, { n: 1 })).rejects.toMatchObject({ code: "SG_STATE_INVALID" });
  });

  it("opens scratch only when it is used, and closes it with the run", async () => {
    const log: string[] = [];
    const scratch = { put: async (body: Blob | AsyncIterable<Uint8Array>) => body as Blob };
    const openScratch = () => {
      log.push("open");
      return { scratch, close: async () => void log.push("close") };
    };
    const writes = defineTransform({
      ...base,
      id: "kit.writes",
      from: number,
      to: number,
      run: async (input, context) => (await context.scratch.put(new Blob(["x".repeat(input)]))).size,
    });
    const kit = createRunKit([writes], { openScratch });
    await kit.run(kit.pipeline({ n: "number" }, [step("add", "numbers.add", "n")]), { n: 1 });
    expect(log).toEqual([]);
    const { payload } = await kit.run(kit.pipeline({ n: "number" }, [step("writes", "kit.writes", "n")]), { n: 3 });
    expect(payload.value).toBe(3);
    expect(log).toEqual(["open", "close"]);
  });

  it("does not let a listener that throws stop the run", async () => {
    const kit = createRunKit();
    const graph = kit.pipeline({ n: "number" }, [step("add", "numbers.add", "n")]);
    const listener = (): void => {
      throw new RangeError("a bug of the listener");
    };
    expect((await kit.run(graph, { n: 1 }, { onEvent: listener })).payload.value).toBe(2);
  });
});
