import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@stargate/kernel/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { verifyWebhook } from "../connectors/webhook-signature.ts";
import { silentLog } from "../host/log-adapter.ts";
import { createFetchGate } from "../host/fetch/gated-fetch.ts";
import { WatchWebhook } from "./watch-webhook.ts";

const secret = "a secret of enough letters";
const received: { readonly body: string; readonly headers: NodeJS.Dict<string | string[]> }[] = [];
let status = 204;
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    received.push({ body: Buffer.concat(chunks).toString(), headers: request.headers });
    response.writeHead(status).end();
  });
});
let folder: string;
let url: string;
let alerts: readonly object[];
const running: { readonly stop: AbortController; readonly loop: Promise<void> }[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-watch-webhook-"));
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/alerts`;
  [received.length, status, alerts] = [0, 204, []];
});
afterEach(async () => {
  for (const { stop, loop } of running.splice(0)) {
    stop.abort();
    await loop;
  }
  receiver.closeAllConnections();
  receiver.close();
  await rm(folder, { recursive: true });
});

const alert = (id: string, current = true): object => ({
  type: "Feature",
  id,
  geometry: null,
  properties: { current },
});
const clock = createFakeClock();

function start(): { readonly webhook: WatchWebhook; end(): Promise<void> } {
  const stop = new AbortController();
  const { fetch } = createFetchGate({ allow: [new URL(url).host], allowNetworks: ["127.0.0.1"] });
  const files = {
    folder,
    alerts: () => Promise.resolve(JSON.stringify({ type: "FeatureCollection", features: alerts })),
  };
  const webhook = new WatchWebhook({ name: "forest", url, secret, timeoutMs: 5000, files, clock, fetch, log: silentLog, signal: stop.signal }); // prettier-ignore
  const loop = webhook.run();
  running.push({ stop, loop });
  return { webhook, end: async () => (stop.abort(), loop) };
}
const calls = (count: number) => vi.waitUntil(() => received.length === count);
const ids = (call: number) =>
  (JSON.parse(received[call]?.body ?? "") as { features: { id: string }[] }).features.map(({ id }) => id);
const keyOf = (call: number) => received[call]?.headers["idempotency-key"];
const told = async () => JSON.parse(await readFile(join(folder, "told.json"), "utf8")) as { told: string[]; pending: object | null }; // prettier-ignore

describe("a webhook of a watch", () => {
  test("is told of every new alert once, signed, those of a round together", async () => {
    alerts = [alert("a"), alert("b"), alert("gone", false)];
    const { webhook } = start();
    await calls(1);
    await expect.poll(async () => (await told()).told).toEqual(["a", "b"]);
    expect(JSON.parse(received[0]?.body ?? "")).toEqual({
      type: "FeatureCollection",
      event: "new-alerts",
      watch: "forest",
      features: [alert("a"), alert("b")],
    });
    expect(received[0]?.headers).toMatchObject({ "content-type": "application/geo+json", "stargate-name": "forest" });
    const { body = "", headers } = received[0] ?? {};
    const signature = String(headers?.["stargate-signature"]);
    await expect(
      verifyWebhook({ body, signature, secret, nowSeconds: clock.epochMs() / 1000 }),
    ).resolves.toBeUndefined();
    alerts = [...alerts, alert("c")];
    webhook.ring();
    await calls(2);
    expect(ids(1)).toEqual(["c"]);
    expect(keyOf(1)).not.toBe(keyOf(0));
  });

  test("that fails is told again, the same under the same key, also by the next process and when there is more", async () => {
    status = 500;
    alerts = [alert("a")];
    const first = start();
    await calls(1);
    await vi.waitUntil(() => clock.pendingTimers > 0);
    await clock.advance(1000);
    await calls(2);
    await first.end();
    alerts = [...alerts, alert("b")];
    status = 204;
    start();
    await calls(4);
    expect([0, 1, 2, 3].map(ids)).toEqual([["a"], ["a"], ["a"], ["b"]]);
    expect(new Set([0, 1, 2].map((call) => received[call]?.body)).size).toBe(1);
    expect(new Set([0, 1, 2].map(keyOf)).size).toBe(1);
    await expect.poll(told).toEqual({ told: ["a", "b"], pending: null });
  });

  test("that says it will never take them is not asked again", async () => {
    status = 422;
    alerts = [alert("a")];
    start();
    await calls(1);
    await expect.poll(told).toEqual({ told: ["a"], pending: null });
  });
});
