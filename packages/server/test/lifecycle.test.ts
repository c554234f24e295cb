import { request } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

const open: TestGateway[] = [];
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway[Symbol.asyncDispose]();
});
async function start(...args: Parameters<typeof startTestGateway>): Promise<TestGateway> {
  const gateway = await startTestGateway(...args);
  open.push(gateway);
  return gateway;
}
const plain = { "content-type": "text/plain" };
const hold = (gateway: TestGateway) =>
  gateway.fetch("/v1/pipelines/wait", { method: "POST", body: "held", headers: plain });

describe("shutdown", () => {
  test("readiness says no first, the request in flight is finished, then connections are refused", async () => {
    const gateway = await start({ server: { announceMs: 200, graceMs: 10_000 } });
    expect((await gateway.fetch("/readyz")).status).toBe(200);
    const held = hold(gateway);
    await gateway.brake.reached;
    const stopped = gateway.server.stop();
    const during = await gateway.fetch("/readyz");
    const accepted = await gateway.fetch("/v1/pipelines/shout", { method: "POST", body: "still", headers: plain });
    expect(during.status).toBe(503);
    expect(await during.json()).toEqual({ status: "announcing" });
    expect(await accepted.text()).toBe("STILL");
    expect(accepted.headers.get("connection")).toBe("close");
    await expect.poll(() => gateway.gateway.lifecycle.state).toBe("draining");
    await expect(gateway.fetch("/healthz")).rejects.toThrow("fetch failed");
    gateway.brake.release();
    expect((await held).status).toBe(200);
    expect(await stopped).toBe(true);
  });

  test("a request longer than the grace period is aborted with a problem that may be retried", async () => {
    const gateway = await start({ server: { graceMs: 1 } });
    const held = hold(gateway);
    await gateway.brake.reached;
    const drained = await gateway.server.stop();
    const response = await held;
    expect(drained).toBe(false);
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await response.json()).toMatchObject({ code: "SG_HTTP_DRAINING", retryable: true });
  });
});

describe("cancellation and deadlines", () => {
  test("a client that goes away aborts its run", async () => {
    const gateway = await start();
    const abort = new AbortController();
    const held = gateway.fetch("/v1/pipelines/wait", {
      method: "POST",
      body: "held",
      headers: plain,
      signal: abort.signal,
    });
    await gateway.brake.reached;
    abort.abort();
    await expect(held).rejects.toThrow("aborted");
    await gateway.brake.aborted;
    await expect.poll(() => gateway.gateway.lifecycle.inFlight).toBe(0);
    expect(gateway.log.at(-1)).toMatchObject({ status: 499 });
  });

  test("Stargate-Deadline-Ms gives up in time and says 504", async () => {
    const gateway = await start();
    const response = await gateway.fetch("/v1/pipelines/wait", {
      method: "POST",
      body: "held",
      headers: { ...plain, "stargate-deadline-ms": "20" },
    });
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ code: "SG_RUN_DEADLINE", retryable: true });
  });

  test("the header cannot lengthen the gateway's own limit", async () => {
    const gateway = await start({ limits: { maxRunMs: 20 } });
    const response = await gateway.fetch("/v1/pipelines/wait", {
      method: "POST",
      body: "held",
      headers: { ...plain, "stargate-deadline-ms": "60000" },
    });
    expect(response.status).toBe(504);
  });

  test("more requests than allowed at once are answered 503 with Retry-After", async () => {
    const gateway = await start({ limits: { maxConcurrentRequests: 1 } });
    const held = hold(gateway);
    await gateway.brake.reached;
    const refused = await gateway.fetch("/v1/pipelines/shout", { method: "POST", body: "x", headers: plain });
    gateway.brake.release();
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await refused.json()).toMatchObject({ code: "SG_HTTP_BUSY" });
    expect((await held).status).toBe(200);
  });
});

describe("bodies", () => {
  test("large bodies go through a temporary file that is gone with the request", async () => {
    const gateway = await start({ limits: { memoryBodyBytes: 1000 } });
    const text = "word ".repeat(100_000);
    const raw = await gateway.fetch("/v1/convert?to=json&from=text", { method: "POST", body: text, headers: plain });
    const form = new FormData();
    form.append("file", new Blob([text]), "words.txt");
    const parts = await gateway.fetch("/v1/convert?to=json", { method: "POST", body: form });
    expect(await raw.json()).toEqual({ words: 100_001 });
    expect(await parts.json()).toEqual({ words: 100_001 });
    const { readdir } = await import("node:fs/promises");
    const left = async () =>
      (await readdir(`${gateway.directory}/scratch`, { recursive: true })).filter((name) => name.includes("request-"));
    await expect.poll(left).toEqual([]);
  });

  test("a client that breaks off in the middle of a large body leaves nothing behind", async () => {
    const gateway = await start({ limits: { memoryBodyBytes: 1000 } });
    const sending = request(`${gateway.url}/v1/convert?to=text`, {
      method: "POST",
      headers: { ...plain, "content-length": 1_000_000 },
    });
    sending.on("error", () => undefined);
    sending.write("x".repeat(50_000));
    await expect.poll(() => gateway.gateway.lifecycle.inFlight).toBe(1);
    sending.destroy();
    await new Promise((resolve) => sending.on("close", resolve));
    await expect.poll(() => gateway.gateway.lifecycle.inFlight).toBe(0);
    const { readdir } = await import("node:fs/promises");
    expect(
      (await readdir(`${gateway.directory}/scratch`, { recursive: true })).filter((name) => name.includes("request-")),
    ).toEqual([]);
  });
});

describe("POST /v1/run, allowed", () => {
  test("runs a pipeline sent as YAML with its inputs", async () => {
    const gateway = await start({ allow: { pipelineSpecs: true } });
    const pipeline = "name: sent\ninput: text\nsteps:\n  - { id: loud, use: demo.shout }\n";
    const form = new FormData();
    form.append("pipeline", pipeline);
    form.append("input", new Blob(["hello"]), "hello.txt");
    const asJson = JSON.stringify({ pipeline, input: "hello" });
    expect(await (await gateway.fetch("/v1/run", { method: "POST", body: form })).text()).toBe("HELLO");
    expect(
      await (
        await gateway.fetch("/v1/run", {
          method: "POST",
          body: asJson,
          headers: { "content-type": "application/json" },
        })
      ).text(),
    ).toBe("HELLO");
  });

  test("answers a wrong pipeline with its place and the nearest name", async () => {
    const gateway = await start({ allow: { pipelineSpecs: true } });
    const body = JSON.stringify({
      pipeline: "name: sent\ninput: text\nsteps:\n  - { id: loud, use: demo.shuot }\n",
      input: "hello",
    });
    const response = await gateway.fetch("/v1/run", {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: "SG_REGISTRY_UNKNOWN",
      detail: expect.stringContaining("demo.shout") as string,
    });
  });

  test("takes no name that could reach a prototype", async () => {
    const gateway = await start({ allow: { pipelineSpecs: true } });
    const body = '{"pipeline": "name: x\\ninput: text\\nsteps: []\\n", "__proto__": "x"}';
    const response = await gateway.fetch("/v1/run", {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
    expect(await response.json()).toMatchObject({ status: 400, detail: 'The body has a field "__proto__"' });
  });
});
