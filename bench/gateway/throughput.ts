import { startNode } from "../support/child-process.ts";
import { startLoadClient, type LoadClient, type LoadReport, type Target } from "../support/load.ts";
import { result, type BenchResult } from "../support/result.ts";
import { median } from "../support/statistics.ts";
import { startGateway } from "./gateway-process.ts";

const processes = (file: string): string => new URL(`processes/${file}`, import.meta.url).pathname;
const body = "The quick brown fox jumps over the lazy dog. ".repeat(4);

/** Requests per second and added latency against a bare Hono echo: both read the body and answer with text. */
export async function measureThroughput(note: (message: string) => void): Promise<readonly BenchResult[]> {
  await using echo = await startNode(processes("echo-server.ts"));
  await using gateway = await startGateway({ upper: { input: "text", use: "bench.upper" } });
  await using client = await startLoadClient();
  const headers = { "content-type": "text/plain" };
  const targets: readonly Target[] = [
    { name: "echo", port: Number(echo.ready["port"]), method: "POST", path: "/echo", headers, body },
    {
      name: "gateway",
      port: gateway.port,
      method: "POST",
      path: "/v1/pipelines/upper",
      headers: { ...headers, authorization: gateway.authorization },
      body,
    },
  ];
  note("32 clients: gateway and bare echo in turn");
  const crowd = await inTurn(client, targets, { clients: 32, seconds: 3, rounds: 5, warmUpSeconds: 4 });
  note("1 client: gateway and bare echo in turn");
  const alone = await inTurn(client, targets, { clients: 1, seconds: 1, rounds: 9, warmUpSeconds: 2 });
  const [echoRate, gatewayRate] = targets.map(({ name }) => medianOf(crowd, name, "requestsPerSecond"));
  const [echoMs, gatewayMs] = targets.map(({ name }) => medianOf(alone, name, "p50Ms"));
  const [echoTailMs, gatewayTailMs] = targets.map(({ name }) => medianOf(crowd, name, "p99Ms"));
  if (echoRate === undefined || gatewayRate === undefined || echoMs === undefined || gatewayMs === undefined) return [];
  return [
    result("requests/s at 32 clients over a bare Hono echo", gatewayRate / echoRate, "x", { goal: ">= 0.6" }),
    result("requests/s at 32 clients", gatewayRate, "1/s", { baseline: echoRate }),
    result("p99 at 32 clients", gatewayTailMs ?? Number.NaN, "ms", { baseline: echoTailMs ?? Number.NaN }),
    result("added p50 at 1 client", gatewayMs - echoMs, "ms", { goal: "<= 0.25", baseline: echoMs }),
  ];
}

export interface Turns {
  readonly clients: number;
  /** Length of a burst. */
  readonly seconds: number;
  readonly rounds: number;
  /** Before the first counted round, for each target: the compiler has to have seen it all. */
  readonly warmUpSeconds: number;
}

/** Bursts at each target in turn (A B A B ...), so that a slow moment of the machine hits all alike. */
export async function inTurn(
  client: LoadClient,
  targets: readonly Target[],
  { clients, seconds, rounds, warmUpSeconds }: Turns,
): Promise<ReadonlyMap<string, readonly LoadReport[]>> {
  for (const target of targets) await client.burst(target, { clients, seconds: warmUpSeconds });
  const reports = new Map<string, LoadReport[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) reports.get(target.name)?.push(await client.burst(target, { clients, seconds }));
  }
  return reports;
}

export function medianOf(
  reports: ReadonlyMap<string, readonly LoadReport[]>,
  name: string,
  field: "requestsPerSecond" | "p50Ms" | "p99Ms",
): number {
  return median((reports.get(name) ?? []).map((report) => report[field]));
}
