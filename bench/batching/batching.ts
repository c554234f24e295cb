import { once } from "node:events";
import { availableParallelism } from "node:os";
import { inTurn, medianOf } from "../gateway/throughput.ts";
import { startGateway, type GatewayProcess } from "../gateway/gateway-process.ts";
import { startNode, type Child } from "../support/child-process.ts";
import { startLoadClient, type Target } from "../support/load.ts";
import { result, type BenchResult, type Suite } from "../support/result.ts";
import { runAll } from "../support/run-all.ts";
import { median } from "../support/statistics.ts";
import { inputSize, rowOf, writeMlp, type MlpFiles } from "./mlp-files.ts";
import { createPythonHome, pythonPeers } from "./python-peers.ts";

const here = (file: string): string => new URL(`processes/${file}`, import.meta.url).pathname;
const watcher = new URL("../gateway/processes/watch-event-loop.ts", import.meta.url).pathname;
const headers = { "content-type": "application/json" };
const body = JSON.stringify({ x: rowOf(1) });
const clients = 32;

/** One model of 19 million parameters behind HTTP: calls that wait share a run, and a lone call waits for nothing. */
export const batchingSuite: Suite = {
  name: "batching",
  async run(note) {
    note("writing a model of 19 million parameters");
    await using mlp = await writeMlp();
    return await runAll([(tell) => measureCrowd(mlp, tell), (tell) => measureAlone(mlp, tell)], note);
  },
};

const targetOf = (name: string, port: number, path = "/predict"): Target => ({
  name,
  port,
  method: "POST",
  path,
  headers,
  body,
});

/** The gateway's own way to a model: the Open Inference Protocol, the same numbers as JSON. */
const gatewayTarget = ({ port, authorization }: GatewayProcess): Target => ({
  ...targetOf("gateway", port, "/v2/models/mlp-19m/infer"),
  headers: { ...headers, authorization },
  body: JSON.stringify({ inputs: [{ name: "x", shape: [1, inputSize], datatype: "FP32", data: rowOf(1) }] }),
});

function startPool(mlp: MlpFiles): Promise<Child> {
  return startNode(here("pool-server.ts"), {
    arguments: [JSON.stringify(mlp.located), String(availableParallelism())],
    nodeArguments: [`--import=${watcher}`],
    messages: true,
  });
}

const startInProcess = (mlp: MlpFiles): Promise<Child> =>
  startNode(here("in-process-server.ts"), { arguments: [mlp.path] });

function startModelGateway(mlp: MlpFiles): Promise<GatewayProcess> {
  const { files } = mlp.located.variant;
  const declared = files.map(({ name, sha256 }) => [name, { path: mlp.located.paths[name], sha256: sha256 ?? "" }]);
  return startGateway(
    {},
    {
      adapters: ["onnx"],
      models: { declare: { "mlp-19m": { format: "onnx", files: Object.fromEntries(declared) } } },
    },
  );
}

/** 32 clients at once: gateway and pool against servers that do the same in other ways, each alone on the machine. */
async function measureCrowd(mlp: MlpFiles, note: (message: string) => void): Promise<readonly BenchResult[]> {
  await using client = await startLoadClient();
  await using gateway = await startModelGateway(mlp);
  await using pool = await startPool(mlp);
  await using baseline = await startInProcess(mlp);
  const ours = [gatewayTarget(gateway), targetOf("pool", Number(pool.ready["port"]))];
  const targets = [...ours, targetOf("hono", Number(baseline.ready["port"]))];
  note(`${clients} clients: gateway, pool behind Hono, and Hono with ONNX Runtime on its thread, in turn`);
  for (const { process } of [gateway.child, pool]) process.send("reset");
  const crowd = await inTurn(client, targets, { clients, seconds: 4, rounds: 5, warmUpSeconds: 4 });
  const delays = { gateway: await delaysOf(gateway.child), pool: await delaysOf(pool) };
  const rateOfHono = medianOf(crowd, "hono", "requestsPerSecond");
  const rows = (["gateway", "pool"] as const).flatMap((name) => {
    const rate = medianOf(crowd, name, "requestsPerSecond");
    const p99Ms = medianOf(crowd, name, "p99Ms");
    const times = medianOf(crowd, name, "p99Ms") / medianOf(crowd, name, "p50Ms");
    return [
      result(`${name}: requests/s over Hono with ONNX Runtime`, rate / rateOfHono, "x", { goal: ">= 5" }),
      result(`${name}: requests/s`, rate, "1/s", { baseline: rateOfHono }),
      result(`${name}: p99 over p50`, times, "x", { goal: "<= 3" }),
      result(`${name}: p99`, p99Ms, "ms", { baseline: medianOf(crowd, "hono", "p99Ms") }),
      result(`${name}: event-loop delay p99 meanwhile`, delays[name].p99Ms, "ms", { goal: "<= 10" }),
    ];
  });
  return [...rows, ...(await measurePeers(mlp, ours, note))];
}

async function measurePeers(
  mlp: MlpFiles,
  ours: readonly Target[],
  note: (message: string) => void,
): Promise<readonly BenchResult[]> {
  await using python = await createPythonHome();
  const results: BenchResult[] = [];
  for (const peer of pythonPeers) {
    if (!(await python.install(peer, note))) continue;
    try {
      await using server = await python.start(peer, mlp.path, body);
      await using client = await startLoadClient();
      note(`${clients} clients: gateway, pool and ${peer.name}, in turn`);
      const targets = [...ours, targetOf(peer.name, server.port)];
      const crowd = await inTurn(client, targets, { clients, seconds: 4, rounds: 5, warmUpSeconds: 4 });
      const rateOfPeer = medianOf(crowd, peer.name, "requestsPerSecond");
      for (const { name } of ours) {
        const rate = medianOf(crowd, name, "requestsPerSecond");
        results.push(result(`${name}: requests/s over ${peer.name}`, rate / rateOfPeer, "x", { goal: ">= 5" }));
      }
      results.push(result(`${peer.name}: requests/s`, rateOfPeer, "1/s"));
    } catch (error) {
      note(`${peer.name}: left out (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  return results;
}

/** One client: a call that finds nobody waiting pays for the way to the host, and for nothing else. */
async function measureAlone(mlp: MlpFiles, note: (message: string) => void): Promise<readonly BenchResult[]> {
  await using client = await startLoadClient();
  await using gateway = await startModelGateway(mlp);
  await using pool = await startPool(mlp);
  await using baseline = await startInProcess(mlp);
  await using raw = await startNode(here("raw-runs.ts"), { arguments: [mlp.path], messages: true });
  const targets = [
    gatewayTarget(gateway),
    targetOf("pool", Number(pool.ready["port"])),
    targetOf("hono", Number(baseline.ready["port"])),
    targetOf("echo", Number(baseline.ready["port"]), "/echo"),
  ];
  note("1 client: gateway, pool, Hono with ONNX Runtime, echo of the same body, and bare runs, in turn");
  const rawMs: number[] = [];
  const p50s = new Map<string, number[]>(targets.map(({ name }) => [name, []]));
  for (let round = -1; round < 9; round++) {
    const answered = once(raw.process, "message");
    raw.process.send(150);
    const [{ p50Ms }] = (await answered) as [{ readonly p50Ms: number }];
    if (round >= 0) rawMs.push(p50Ms);
    for (const target of targets) {
      const report = await client.burst(target, { clients: 1, seconds: 1 });
      if (round >= 0) p50s.get(target.name)?.push(report.p50Ms);
    }
  }
  const p50 = (name: string): number => median(p50s.get(name) ?? []);
  const bareMs = median(rawMs) + p50("echo");
  return [
    ...["gateway", "pool"].flatMap((name) => [
      result(`${name}: p50 over a bare run and an echo, 1 client`, p50(name) / bareMs, "x", { goal: "<= 1.25" }),
      result(`${name}: p50, 1 client`, p50(name), "ms", { baseline: bareMs }),
    ]),
    result("Hono with ONNX Runtime: p50, 1 client", p50("hono"), "ms", { baseline: bareMs }),
  ];
}

async function delaysOf(child: Child): Promise<{ readonly p99Ms: number; readonly maxMs: number }> {
  const answered = once(child.process, "message");
  child.process.send("report");
  const [delays] = (await answered) as [{ readonly p99Ms: number; readonly maxMs: number }];
  return delays;
}
