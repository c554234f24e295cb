import { defineAdapter, defineTransform, many, text } from "@stargate/kernel";
import { afterEach, describe, expect, test } from "vitest";
import { demoAdapter, oneStep } from "./support/demo-adapter.ts";
import { allEvents, readEvents, type ReadEvent } from "./support/read-events.ts";
import { demoPipelines, startTestGateway, type TestGateway } from "./support/test-gateway.ts";

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});
async function start(...args: Parameters<typeof startTestGateway>): Promise<TestGateway> {
  const gateway = await startTestGateway(...args);
  open.push(gateway);
  return gateway;
}

const ask = (url: string, pipeline: string, body: string, headers: Record<string, string> = {}, rest?: RequestInit) =>
  fetch(`${url}/v1/pipelines/${pipeline}`, {
    method: "POST",
    body,
    headers: { "content-type": "text/plain", accept: "text/event-stream", ...headers },
    ...rest,
  });
const namesOf = (events: readonly ReadEvent[]) => events.map(({ name }) => name);
const last = (events: readonly ReadEvent[]) => events.at(-1)?.data;

describe("Accept: text/event-stream", () => {
  test("tells of steps, issues and degradations, and ends with output and receipt", async () => {
    const { url } = await start();
    const response = await ask(url, "half", "four");
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.get("cache-control")).toBe("no-store");
    const events = await allEvents(response);
    expect(namesOf(events)).toEqual(["step-start", "degradation", "issue", "step-end", "answer"]);
    expect(events[1]?.data).toEqual({ step: "step", what: 'lower "quality"', reason: "on purpose" });
    expect(events[2]?.data).toMatchObject({ code: "SG_DEMO_ISSUE" });
    const answer = last(events) as { output: unknown; receipt: { id: string } };
    expect(answer).toMatchObject({ output: { text: "fo" }, receipt: { issues: [{ code: "SG_DEMO_ISSUE" }] } });
    const kept = await fetch(`${url}/v1/receipts/${answer.receipt.id}`);
    expect(await kept.json()).toEqual(answer.receipt);
  });

  test("gives progress and partial results while the run goes on", async () => {
    const { url, brake } = await start();
    const events = readEvents(await ask(url, "wait", "held"));
    const before: ReadEvent[] = [];
    for await (const event of { [Symbol.asyncIterator]: () => ({ next: () => events.next() }) }) {
      before.push(event);
      if (event.name === "segment-end") break;
    }
    expect(before).toMatchObject([
      { name: "step-start", data: { step: "step" } },
      { name: "progress", data: { step: "step", measure: "character", done: 1, of: 4 } },
      { name: "segment-start", data: { step: "step" } },
      { name: "segment-end", data: { step: "step", data: { text: "held" } } },
    ]);
    brake.release();
    expect(namesOf(await Array.fromAsync(events))).toEqual(["step-end", "answer"]);
  });

  test("gives a problem as its last event, and keeps inside what is inside", async () => {
    const { url, log } = await start();
    const events = await allEvents(await ask(url, "secretive", "x", { "x-request-id": "streamed" }));
    expect(namesOf(events)).toEqual(["step-start", "step-end", "error"]);
    expect(last(events)).toMatchObject({ status: 500, code: "SG_SERVER_INTERNAL", requestId: "streamed" });
    expect(JSON.stringify(events)).not.toContain("hunter2");
    await expect
      .poll(() => log.filter(({ requestId }) => requestId === "streamed"))
      .toMatchObject([{ msg: "request failed" }]);
  });

  test("answers with a status what fails before it begins", async () => {
    const { url } = await start();
    const noPath = await fetch(`${url}/v1/convert?to=image`, {
      method: "POST",
      body: "hello",
      headers: { "content-type": "text/plain", accept: "text/event-stream" },
    });
    expect([noPath.status, noPath.headers.get("content-type")]).toEqual([422, "application/problem+json"]);
    expect((await ask(url, "nonsense", "x")).status).toBe(404);
    expect((await ask(url, "shout", "x", { accept: "text/event-stream;q=0" })).status).toBe(406);
  });

  test("works where the gate finds the way, and comes before respond-async", async () => {
    const { url } = await start();
    const response = await fetch(`${url}/v1/convert?to=json`, {
      method: "POST",
      body: "two words",
      headers: { "content-type": "text/plain", accept: "text/event-stream", prefer: "respond-async" },
    });
    expect(last(await allEvents(response))).toMatchObject({ output: { words: 2 } });
  });

  test("ends the run of a client that goes away", async () => {
    const { url, brake } = await start();
    const abort = new AbortController();
    const response = await ask(url, "wait", "held", {}, { signal: abort.signal });
    await brake.reached;
    abort.abort();
    expect(await brake.aborted).toMatchObject({ code: "SG_RUN_CANCELLED" });
    await expect(response.text()).rejects.toThrow("abort");
  });

  test("with an Idempotency-Key gives the same events again, once they have ended well", async () => {
    const { url, brake } = await start();
    const key = { "idempotency-key": "k" };
    const held = await ask(url, "wait", "held", key);
    await brake.reached;
    expect((await ask(url, "wait", "held", key)).status).toBe(409);
    brake.release();
    const first = await held.text();
    const again = await ask(url, "wait", "held", key);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.headers.get("content-type")).toBe("text/event-stream");
    expect(await again.text()).toBe(first);

    const failed = { "idempotency-key": "failed" };
    await (await ask(url, "secretive", "x", failed)).text();
    const second = await ask(url, "secretive", "x", failed);
    expect(second.headers.get("idempotency-replayed")).toBeNull();
    expect(namesOf(await allEvents(second))).toContain("error");
  });
});

describe("an output that is a stream", () => {
  /** Letters of a text, one by one; how many were taken is told. */
  function letters(size = 1) {
    let taken = 0;
    const split = defineTransform({
      id: "letters.split",
      version: "1.0.0",
      summary: "Letters, one by one",
      from: text,
      to: many(text),
      coverage: "whole",
      plannable: false,
      async *run(input) {
        for (const letter of input) {
          taken += 1;
          yield letter.repeat(size);
        }
      },
    });
    const adapter = defineAdapter({
      spec: 1,
      id: "letters",
      version: "1.0.0",
      summary: "Letters",
      transforms: [split],
    });
    return { adapters: [demoAdapter().adapter, adapter], taken: () => taken };
  }
  const pipelines = [...demoPipelines, oneStep("split", "letters.split")];

  test("comes item by item, with its receipt at the end", async () => {
    const { adapters } = letters();
    const { url } = await start({ pipelines }, adapters);
    const events = await allEvents(await ask(url, "split", "abc"));
    const items = events.filter(({ name }) => name === "item").map(({ data }) => data);
    expect(items).toEqual(
      ["a", "b", "c"].map((letter, index) => ({ index, output: { mediaType: "text/plain", text: letter } })),
    );
    expect(last(events)).toMatchObject({ items: 3, receipt: { pipeline: "split" } });
  });

  test("is made no faster than the client reads", async () => {
    const { adapters, taken } = letters(50_000);
    const { url, fetch: get } = await start({ pipelines }, adapters);
    const response = await ask(url, "split", "a".repeat(1000));
    await expect.poll(taken).toBeGreaterThan(10);
    // Whoever does not wait would be at the end by now: other requests have had their turn, and buffers hold a few MB.
    for (let request = 0; request < 20; request++) await get("/healthz");
    expect(taken()).toBeLessThan(1000);
    expect((await allEvents(response)).at(-1)).toMatchObject({ name: "answer", data: { items: 1000 } });
  });
});
