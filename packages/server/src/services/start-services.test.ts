import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openGate, type Gate, type ServiceOutcome } from "@stargate/kernel";
import { shoutAdapter, shoutPipeline } from "../../test/support/shout-adapter.ts";
import { verifyWebhook } from "../connectors/webhook-signature.ts";
import { createNodeHost, type NodeHost } from "../host/node-host.ts";
import { folderService, runService } from "./run-service.ts";
import { servicesSchema, type ServiceInput } from "./services-schema.ts";
import type { RunningServices } from "./running-services.ts";
import { startServices, type ServicesContext } from "./start-services.ts";

let root = "";
let host: NodeHost;
let gate: Gate;
let server: Server;
let running: RunningServices | undefined;
const received: { readonly body: string; readonly signature: string; readonly key: string }[] = [];
const secret = "a secret of enough letters";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "stargate-services-"));
  server = createServer((request, response) => {
    void readText(request).then((body) => {
      received.push({
        body,
        signature: String(request.headers["stargate-signature"]),
        key: String(request.headers["idempotency-key"]),
      });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = await createNodeHost({
    scratch: { folder: join(root, "scratch") },
    fetch: { allow: ["127.0.0.1:*"], allowNetworks: ["127.0.0.1"] },
  });
  gate = await openGate({ adapters: [shoutAdapter], host });
});
afterEach(async () => {
  await running?.stop({ drainMs: 0 });
  running = undefined;
  received.length = 0;
  await gate.close();
  await host.close();
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true, force: true });
});

const hook = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;

function contextOf(onOutcome?: (outcome: ServiceOutcome) => void): ServicesContext {
  return {
    gate,
    host,
    directory: root,
    pipelines: new Map([
      ["shout", shoutPipeline],
      ["stream", { ...shoutPipeline, name: "stream", inputs: { text: "many(text)" }, steps: [], output: "text" }],
    ]),
    clock: host.clock,
    log: host.log,
    fetch: host.fetch,
    assertAllowed: (url) => host.fetchGate.assertAllowed(url),
    environment: { HOOK_SECRET: secret },
    onOutcome: (_service, outcome) => onOutcome?.(outcome),
  };
}

/** Starts services and gives the next outcomes of all of them. */
async function start(
  definitions: Record<string, ServiceInput>,
): Promise<{ readonly running: RunningServices; next(): Promise<ServiceOutcome> }> {
  const outcomes: ServiceOutcome[] = [];
  let wake = (): void => undefined;
  running = await startServices(
    servicesSchema.parse(definitions),
    contextOf((outcome) => (outcomes.push(outcome), wake())),
  );
  return {
    running,
    async next() {
      if (outcomes.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return outcomes.shift() as ServiceOutcome; // just seen
    },
  };
}

async function* body(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}

describe("services of the configuration", () => {
  it("take a dropped file through a pipeline to a file", async () => {
    const { next } = await start({
      notes: {
        source: { folder: "in", stableMs: 1 },
        pipeline: "shout",
        sink: { folder: "out" },
        encode: "text/plain",
      },
    });
    await writeFile(join(root, "in", "note.md"), "hello");
    expect((await next()).kind).toBe("delivered");
    expect(await readFile(join(root, "out", "note.txt"), "utf8")).toBe("HELLO");
  });

  it("find the way by themselves when only the wanted modality is named", async () => {
    const { next } = await start({
      notes: { source: { folder: "in", stableMs: 1 }, to: "text", sink: { folder: "out" } },
    });
    await writeFile(join(root, "in", "a.txt"), "hello");
    expect((await next()).kind).toBe("delivered");
    expect(await readdir(join(root, "out"))).toContain("a.txt");
  });

  it("put a file aside that can never succeed, with the code and hint", async () => {
    const { next } = await start({
      notes: { source: { folder: "in", stableMs: 1 }, pipeline: "shout", sink: { folder: "out" } },
    });
    await writeFile(join(root, "in", "loud.txt"), "HELLO");
    await writeFile(join(root, "in", "empty.txt"), "");
    const kinds = [await next(), await next()].map(({ kind }) => kind);
    expect(kinds).toEqual(["rejected", "rejected"]);
    const failed = join(root, "in/.stargate/failed");
    expect(JSON.parse(await readFile(join(failed, "loud.txt.problem.json"), "utf8"))).toMatchObject({
      code: "SG_SHOUT_LOUD",
      hint: "Lower your voice.",
    });
    expect(JSON.parse(await readFile(join(failed, "empty.txt.problem.json"), "utf8"))).toMatchObject({
      code: "SG_INPUT_EMPTY",
    });
  });

  it("take a pushed item to a signed webhook, once per idempotency key", async () => {
    const { running: services, next } = await start({
      inbox: {
        source: { push: { folder: "spool" } },
        pipeline: "shout",
        sink: { webhook: { url: hook(), secret: { env: "HOOK_SECRET" } } },
      },
    });
    const { push } = services.services.get("inbox")!;
    await push!.push({ body: body("hello"), idempotencyKey: "order 7" });
    expect((await next()).kind).toBe("delivered");
    await push!.push({ body: body("hello"), idempotencyKey: "order 7" });
    expect((await next()).kind).toBe("repeated");
    const [delivery, ...others] = received;
    expect(others).toEqual([]);
    expect(delivery?.body).toBe("HELLO");
    expect(delivery?.key).toMatch(/^sha256:/);
    await verifyWebhook({ body: delivery!.body, signature: delivery!.signature, secret });
  });

  it("tell how they are", async () => {
    const { running: services, next } = await start({
      notes: { source: { folder: "in", stableMs: 1 }, pipeline: "shout", sink: { folder: "out" } },
    });
    await writeFile(join(root, "in", "a.txt"), "hello");
    await next();
    expect(services.status()).toEqual([
      expect.objectContaining({
        name: "notes",
        state: "running",
        healthy: true,
        delivered: 1,
        rejected: 0,
        restarts: 0,
        lastError: null,
      }),
    ]);
  });

  it("do nothing again after a restart", async () => {
    const definition = { notes: { source: { folder: "in", stableMs: 1 }, pipeline: "shout", sink: { folder: "out" } } };
    const first = await start(definition);
    await writeFile(join(root, "in", "a.txt"), "hello");
    await first.next();
    await first.running.stop();
    const second = await start(definition);
    await writeFile(join(root, "in", "a.txt"), "hello");
    expect((await second.next()).kind).toBe("repeated");
    expect((await readdir(join(root, "out"))).filter((name) => name.endsWith(".txt"))).toEqual(["a.txt"]);
  });
});

describe("services that cannot work", () => {
  const source = { folder: "in" };
  const sink = { folder: "out" };
  it.each<[string, Record<string, ServiceInput>, string, string]>([
    ["an unknown pipeline", { a: { source, pipeline: "nope", sink } }, "SG_SERVICE_CONFIG", '"nope"'],
    [
      "a pipeline that takes a stream",
      { a: { source, pipeline: "stream", sink } },
      "SG_SERVICE_CONFIG",
      "text: many(text)",
    ],
    [
      "an encoding the pipeline's output does not have",
      { a: { source, pipeline: "shout", sink, encode: "image/png" } },
      "SG_SERVICE_CONFIG",
      "image/png",
    ],
    ["a modality nobody defines", { a: { source, to: "txet", sink } }, "SG_SERVICE_CONFIG", "txet"],
    [
      "a sink in the watched folder",
      { a: { source, pipeline: "shout", sink: { folder: "./in/../in" } } },
      "SG_SERVICE_CONFIG",
      "folder it watches",
    ],
    [
      "a secret that is not set",
      {
        a: { source, pipeline: "shout", sink: { webhook: { url: "http://127.0.0.1:1/", secret: { env: "NOT_SET" } } } },
      },
      "SG_SERVICE_CONFIG",
      "NOT_SET",
    ],
    [
      "a webhook on a host that is not allowed",
      { a: { source, pipeline: "shout", sink: { webhook: { url: "https://hooks.example.org/", secret } } } },
      "SG_FETCH_DENIED",
      "hooks.example.org",
    ],
    [
      "two services on one folder",
      { a: { source, pipeline: "shout", sink }, b: { source, pipeline: "shout", sink: { folder: "other" } } },
      "SG_CONNECTOR_LOCKED",
      "in use",
    ],
  ])("fail at start: %s", async (_name, definitions, code, words) => {
    await expect(start(definitions)).rejects.toMatchObject({ code, message: expect.stringContaining(words) as string });
    const again = await start({ a: { source, pipeline: "shout", sink } });
    expect(again.running.status()).toHaveLength(1);
  });

  it("fail at start on a folder that is a file", async () => {
    await writeFile(join(root, "in"), "");
    await expect(start({ a: { source, pipeline: "shout", sink } })).rejects.toMatchObject({
      code: "SG_CONNECTOR_FOLDER",
    });
  });

  it.each<[string, unknown]>([
    ["neither pipeline nor goal", { source, sink }],
    ["both pipeline and goal", { source, sink, pipeline: "shout", to: "text" }],
    ["two kinds of source", { source: { folder: "in", push: { folder: "spool" } }, sink, to: "text" }],
    ["a short secret", { source, to: "text", sink: { webhook: { url: "https://example.org", secret: "short" } } }],
    ["another scheme", { source, to: "text", sink: { webhook: { url: "file:///etc/passwd", secret } } }],
    ["an unknown key", { source, sink, to: "text", concurency: 3 }],
  ])("are refused by the schema: %s", (_name, definition) => {
    expect(servicesSchema.safeParse({ a: definition }).success).toBe(false);
  });
});

describe("one service on the command line", () => {
  it("turns scans into searchable PDFs unless told otherwise", () => {
    expect(folderService({ in: "scans", out: "pdfs" })).toMatchObject({
      source: { folder: "scans" },
      sink: { folder: "pdfs" },
      to: "page-text",
      encode: "application/pdf",
    });
    expect(folderService({ in: "scans", out: "texts", to: "text" })).not.toHaveProperty("encode");
  });

  it("runs until its signal aborts, then finishes what is under way", async () => {
    const stop = new AbortController();
    await mkdir(join(root, "in"));
    await writeFile(join(root, "in", "a.txt"), "hello");
    const outcomes: string[] = [];
    await runService({
      name: "notes",
      definition: folderService({ in: "in", out: "out", pipeline: "shout" }),
      context: contextOf(({ kind }) => (outcomes.push(kind), stop.abort())),
      signal: stop.signal,
    });
    expect(outcomes).toEqual(["delivered"]);
    expect(await readFile(join(root, "out", "a.txt"), "utf8")).toBe("HELLO");
  });
});
