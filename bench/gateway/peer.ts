import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { startNode } from "../support/child-process.ts";
import { startLoadClient, type Target } from "../support/load.ts";
import { result, type BenchResult } from "../support/result.ts";
import { startGateway } from "./gateway-process.ts";
import { inTurn, medianOf } from "./throughput.ts";

const peerPackage = "@portkey-ai/gateway@1.15.2";
const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }] });
const json = { "content-type": "application/json" };

/** What a request costs more through a gateway than straight at the server behind it: ours against the closest peer. */
export async function measurePeer(note: (message: string) => void): Promise<readonly BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), "stargate-bench-"));
  try {
    note(`peer: installing ${peerPackage} into a temporary folder`);
    if (!(await installed(folder))) {
      note(`peer: ${peerPackage} cannot be installed here; the comparison is left out`);
      return [];
    }
    return await compare(folder, note);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(folder: string, note: (message: string) => void): Promise<readonly BenchResult[]> {
  await using upstream = await startNode(new URL("processes/mock-upstream.ts", import.meta.url).pathname);
  const upstreamPort = Number(upstream.ready["port"]);
  const path = "/v1/chat/completions";
  await using gateway = await startGateway(
    { chat: { input: "json", use: "bench.relay", with: { url: `http://127.0.0.1:${upstreamPort}${path}` } } },
    { allow: { hosts: [`127.0.0.1:${upstreamPort}`], networks: ["127.0.0.1"] } },
  );
  await using peer = await startPeer(folder);
  await using client = await startLoadClient();
  const targets: readonly Target[] = [
    { name: "direct", port: upstreamPort, method: "POST", path, headers: json, body },
    {
      name: "ours",
      port: gateway.port,
      method: "POST",
      path: "/v1/pipelines/chat",
      headers: { ...json, authorization: gateway.authorization },
      body,
    },
    {
      name: "peer",
      port: peer.port,
      method: "POST",
      path,
      headers: {
        ...json,
        authorization: "Bearer x",
        "x-portkey-provider": "openai",
        "x-portkey-custom-host": `http://127.0.0.1:${upstreamPort}/v1`,
      },
      body,
    },
  ];
  // The crowd first: by then the compiler has seen every path many thousand times.
  note("peer: 32 clients, straight and through either gateway in turn");
  const crowd = await inTurn(client, targets, { clients: 32, seconds: 2, rounds: 5, warmUpSeconds: 4 });
  note("peer: 1 client");
  const alone = await inTurn(client, targets, { clients: 1, seconds: 1, rounds: 9, warmUpSeconds: 2 });
  const direct = medianOf(alone, "direct", "p50Ms");
  const oursMs = medianOf(alone, "ours", "p50Ms") - direct;
  const peerMs = medianOf(alone, "peer", "p50Ms") - direct;
  return [
    result("added p50 over Portkey's, same upstream, 1 client", oursMs / peerMs, "x", { goal: "<= 0.333" }),
    result("added p50 before an upstream, 1 client", oursMs, "ms", { baseline: peerMs }),
    result("requests/s before an upstream, 32 clients", medianOf(crowd, "ours", "requestsPerSecond"), "1/s", {
      baseline: medianOf(crowd, "peer", "requestsPerSecond"),
    }),
    result("p99 before an upstream, 32 clients", medianOf(crowd, "ours", "p99Ms"), "ms", {
      baseline: medianOf(crowd, "peer", "p99Ms"),
    }),
  ];
}

async function installed(folder: string): Promise<boolean> {
  try {
    const flags = ["--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts"];
    await promisify(execFile)("npm", ["install", peerPackage, ...flags], { timeout: 180_000, maxBuffer: 2 ** 24 });
    return true;
  } catch {
    return false;
  }
}

async function startPeer(folder: string) {
  const port = await freePort();
  const script = join(folder, "node_modules/@portkey-ai/gateway/build/start-server.js");
  const child = spawn(process.execPath, [script, `--port=${port}`, "--headless"], {
    stdio: "ignore",
    env: { ...process.env, NODE_ENV: "production" },
  });
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    await exited;
  };
  for (let attempt = 0; !(await answers(port)); attempt++) {
    if (attempt < 100 && child.exitCode === null) await pause(200);
    else {
      await end();
      throw new RangeError("Portkey does not answer");
    }
  }
  return { port, [Symbol.asyncDispose]: end };
}

async function answers(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  server.close();
  return port;
}
