import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { shoutAdapter, shoutPipeline } from "../../../test/support/shout-adapter.ts";
import { configSchema } from "../../config/config-schema.ts";
import { openGateway, type OpenGateway } from "../../gateway/create-gateway.ts";
import { endpoint } from "../endpoint.ts";
import type { HttpEnv } from "../exchange.ts";
import { listServices, pushItem } from "./services.ts";
import type { RunningServices } from "../../services/running-services.ts";
import { startServices } from "../../services/start-services.ts";

let root = "";
let gateway: OpenGateway;
let running: RunningServices;
let server: Server;
let delivered: Promise<void>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "stargate-push-route-"));
  const config = configSchema.parse({
    limits: { maxBodyBytes: 1000 },
    scratch: { directory: join(root, "scratch") },
    services: {
      inbox: { source: { push: { folder: "spool", maxItems: 2 } }, pipeline: "shout", sink: { folder: "out" } },
      theirs: {
        source: { push: { folder: "their-spool" } },
        pipeline: "shout",
        sink: { folder: "out" },
        tenant: "them",
      },
      watched: { source: { folder: "in" }, pipeline: "shout", sink: { folder: "out" } },
    },
  });
  gateway = await openGateway(
    { config, directory: root },
    { adapters: [shoutAdapter], log: pino({ level: "silent" }) },
  );
  gateway.lifecycle.state = "ready";
  let onDelivered = (): void => undefined;
  delivered = new Promise((resolve) => (onDelivered = resolve));
  running = await startServices(config.services, {
    gate: gateway.gate,
    host: gateway.host,
    directory: root,
    pipelines: new Map([["shout", shoutPipeline]]),
    clock: gateway.host.clock,
    log: gateway.host.log,
    fetch: gateway.host.fetch,
    environment: {},
    onOutcome: () => onDelivered(),
  });
  gateway.services = running;
  const app = new Hono<HttpEnv>();
  app.get("/v1/services", endpoint(gateway, { route: "/v1/services" }, listServices));
  app.post("/v1/services/:name/items", endpoint(gateway, { route: "/v1/services/:name/items" }, pushItem));
  server = createServer((incoming, outgoing) => void getRequestListener(app.fetch)(incoming, outgoing));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await running.stop({ drainMs: 0 });
  await gateway[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

const post = (service: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/services/${service}/items`, {
    method: "POST",
    body,
    headers,
  });

it("accepts an item, works on it and keeps its name", async () => {
  const response = await post("inbox", "hello", {
    "stargate-name": "gr%C3%BC%C3%9Fe.md",
    "content-type": "text/plain",
  });
  expect([response.status, await response.json()]).toEqual([
    202,
    { id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
  ]);
  await delivered;
  expect(await readFile(join(root, "out", "grüße.txt"), "utf8")).toBe("HELLO");
});

it("lists the tenant's services with their state and queue", async () => {
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/services`);
  const { services } = (await response.json()) as { services: { name: string; state: string; push: unknown }[] };
  expect(services.map(({ name, state, push }) => [name, state, push])).toEqual([
    ["inbox", "running", { items: 0, bytes: 0 }],
    ["watched", "running", null],
  ]);
});

it.each([
  ["nowhere", ""],
  ["inbx", "did you mean 'inbox'"],
  ["watched", ""],
  ["theirs", ""],
])("answers 404 for %s, which takes nothing from this caller", async (service, words) => {
  const response = await post(service, "hello");
  const problem = (await response.json()) as { code: string; detail: string };
  expect([response.status, problem.code]).toEqual([404, "SG_SERVICE_UNKNOWN"]);
  expect(problem.detail.toLowerCase()).toContain(words);
});

it("refuses a body above the limit and keeps nothing of it", async () => {
  const response = await post("inbox", "x".repeat(1001));
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
    413,
    "SG_HTTP_BODY_TOO_LARGE",
  ]);
  expect(running.services.get("inbox")?.push?.status()).toEqual({ items: 0, bytes: 0 });
});
