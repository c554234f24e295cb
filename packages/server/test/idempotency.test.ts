import { randomUUID } from "node:crypto";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openGateway } from "../src/gateway/create-gateway.ts";
import { startServer } from "../src/http/server.ts";
import { demoAdapter } from "./support/demo-adapter.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});
async function start(...args: Parameters<typeof startTestGateway>): Promise<TestGateway> {
  const gateway = await startTestGateway(...args);
  open.push(gateway);
  return gateway;
}

const ask = (url: string, key: string, body: BodyInit = "hello", headers: Record<string, string> = {}) =>
  fetch(`${url}/v1/pipelines/shout`, {
    method: "POST",
    body,
    headers: { ...(typeof body === "string" && { "content-type": "text/plain" }), "idempotency-key": key, ...headers },
  });
const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code: unknown }).code;
const receiptOf = (response: Response) => response.headers.get("stargate-receipt");

describe("a request repeated with its Idempotency-Key", () => {
  test("gets the answer of the first, receipt included, and nothing is run again", async () => {
    const { url } = await start();
    const key = `"${randomUUID()}"`;
    const first = await ask(url, key);
    const again = await ask(url, key);
    expect(await first.text()).toBe("HELLO");
    expect(await again.text()).toBe("HELLO");
    expect(receiptOf(again)).toBe(receiptOf(first));
    expect(again.headers.get("content-type")).toBe(first.headers.get("content-type"));
    expect([first, again].map(({ headers }) => headers.get("idempotency-replayed"))).toEqual([null, "true"]);
    expect(again.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"));
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(
      'stargate_runs_total{pipeline="shout",outcome="ok"} 1',
    );
  });

  test("may carry it without quotes, and a form with a new boundary is the same request", async () => {
    const { url } = await start();
    const form = () => {
      const parts = new FormData();
      parts.append("input", "hello");
      return parts;
    };
    const [first, again] = [await ask(url, "form-1", form()), await ask(url, '"form-1"', form())];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(receiptOf(again)).toBe(receiptOf(first));
  });

  test("gets the first answer from a gateway that was started again", async () => {
    const first = await start();
    const { headers } = await ask(first.url, "k");
    const config = first.gateway.config;
    await first.server.stop();
    const second = await openGateway(
      { config: { ...config, log: { level: "silent" } }, directory: first.directory },
      { adapters: [demoAdapter().adapter] },
    );
    open.unshift(second); // closed before the folder goes
    const server = await startServer(second);
    const again = await ask(server.url, "k");
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.headers.get("stargate-receipt")).toBe(headers.get("stargate-receipt"));
    expect(await again.text()).toBe("HELLO");
    await server.stop();
  });

  test("is refused with 422 when it asks for something else", async () => {
    const { url, fetch: get } = await start();
    await ask(url, "k");
    const other = await ask(url, "k", "other");
    const elsewhere = await get("/v1/pipelines/count", {
      method: "POST",
      body: "hello",
      headers: { "content-type": "text/plain", "idempotency-key": "k" },
    });
    expect([other.status, elsewhere.status]).toEqual([422, 422]);
    expect(await codeOf(other)).toBe("SG_IDEMPOTENCY_REUSED");
  });

  test("is refused with 409 and Retry-After while the first is being worked on, and answered after that", async () => {
    const { fetch: send, brake } = await start();
    const hold = () =>
      send("/v1/pipelines/wait", {
        method: "POST",
        body: "held",
        headers: { "content-type": "text/plain", "idempotency-key": "k" },
      });
    const first = hold();
    await brake.reached;
    const early = await hold();
    expect([early.status, early.headers.get("retry-after")]).toEqual([409, "1"]);
    expect(await codeOf(early)).toBe("SG_IDEMPOTENCY_RUNNING");
    brake.release();
    const receipt = receiptOf(await first);
    expect(receiptOf(await hold())).toBe(receipt);
  });

  test("is run again when the first failed", async () => {
    const { url, fetch: send } = await start();
    const failed = await send("/v1/pipelines/secretive", {
      method: "POST",
      body: "hello",
      headers: { "content-type": "text/plain", "idempotency-key": "k" },
    });
    expect(failed.status).toBe(500);
    expect((await ask(url, "k")).status).toBe(200);
  });

  test("is run again when the first is too old, too large to be kept, or damaged", async () => {
    const aged = await start({ idempotency: { maxAgeSeconds: 1e-9 } });
    const small = await start({ idempotency: { maxAnswerBytes: 4 } });
    const damaged = await start();
    for (const { url } of [aged, small, damaged]) await ask(url, "k");
    const folder = join(damaged.directory, ".stargate", "answers");
    for (const name of await readdir(folder)) await writeFile(join(folder, name), "{");
    for (const { url } of [aged, small, damaged]) {
      const again = await ask(url, "k");
      expect(again.headers.get("idempotency-replayed")).toBeNull();
      expect(await again.text()).toBe("HELLO");
    }
  });

  test("gets an answer that is too large to be kept whole", async () => {
    const { url } = await start({ idempotency: { maxAnswerBytes: 100_000 } });
    const text = "a".repeat(400_000);
    for (let time = 0; time < 2; time++) expect(await (await ask(url, "k", text)).text()).toBe(text.toUpperCase());
  });
});

test("keys of one tenant are nothing to another", async () => {
  const { url, gateway } = await start();
  let tenant = "a";
  Object.assign(gateway, { access: { required: false, admit: () => tenant } });
  const first = await ask(url, "k");
  tenant = "b";
  const other = await ask(url, "k", "something else");
  expect([first.status, other.status]).toEqual([200, 200]);
});

test.for(["", '"', '""', '"open', "two words", "x".repeat(256)])("the key %o is refused", async (key) => {
  const { url } = await start();
  const response = await ask(url, key);
  expect(response.status).toBe(400);
  expect(await codeOf(response)).toBe("SG_IDEMPOTENCY_KEY");
});

test("what is kept stays within its room, the newest longest", async () => {
  const { url, directory } = await start({ idempotency: { maxDiskBytes: 4000 } });
  for (let index = 0; index < 20; index++) await ask(url, `k${index}`, `text ${index}`);
  const names = await readdir(join(directory, ".stargate", "answers"));
  expect(names.length).toBeLessThan(15);
  expect((await ask(url, "k19", "text 19")).headers.get("idempotency-replayed")).toBe("true");
});
