import { setTimeout as pause } from "node:timers/promises";
import { startLoadClient } from "../support/load.ts";
import { startOpenLoad, type LoadSample, type OpenLoad, type OpenLoadClient } from "../support/open-load.ts";
import {
  pathOf,
  startFaultGateway,
  type AskPath,
  type FaultGateway,
  type FaultGatewayOptions,
} from "./fault-gateway.ts";
import { envelopeType } from "./samples.ts";

/** A gateway under test, somebody who sends it requests, and what it can do when all is well. */
export interface Lab extends AsyncDisposable {
  readonly gateway: FaultGateway;
  /** Answers per second when it is saturated. */
  readonly capacity: number;
  /** Sends requests at a share of the capacity. */
  load(share: number, seconds: number, more?: Partial<OpenLoad>): Promise<readonly LoadSample[]>;
}

export interface LabOptions extends FaultGatewayOptions {
  /** What requests ask for. Default "device". */
  readonly ask?: AskPath;
  readonly note: (message: string) => void;
}

/** Opens a lab: every pool has loaded the model, and the capacity is measured with twice as many clients as slots. */
export async function openLab({ ask = "device", note, ...options }: LabOptions): Promise<Lab> {
  const gateway = await startFaultGateway(options);
  let client: OpenLoadClient | undefined;
  try {
    client = await startOpenLoad();
    for (const pool of Object.keys(options.pools)) await warmUp(gateway, ask, pool);
    const slots = Object.values(options.pools).reduce((sum, count) => sum + count, 0);
    const capacity = await measureCapacity(gateway, ask, slots * 2);
    note(`capacity: ${capacity.toFixed(0)} requests/s with ${slots} hosts`);
    return {
      gateway,
      capacity,
      load: (share, seconds, more) =>
        (client as OpenLoadClient).burst({
          port: gateway.port,
          path: pathOf(ask),
          ratePerSecond: capacity * share,
          seconds,
          headers: { accept: envelopeType },
          ...more,
        }),
      async [Symbol.asyncDispose]() {
        await client?.[Symbol.asyncDispose]();
        await gateway[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await client?.[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
    throw error;
  }
}

async function warmUp(gateway: FaultGateway, ask: AskPath, pool: string): Promise<void> {
  const path = `http://127.0.0.1:${gateway.port}${pathOf(ask)}`;
  const headers = { "content-type": "text/plain", "stargate-pool": pool };
  for (let id = 0; id < 30; id++) {
    const response = await fetch(path, { method: "POST", body: String(id), headers });
    await response.arrayBuffer();
    if (!response.ok) throw new RangeError(`Pool ${pool} answered ${response.status}`);
  }
}

async function measureCapacity({ port }: FaultGateway, ask: AskPath, clients: number): Promise<number> {
  await using client = await startLoadClient();
  const headers = { "content-type": "text/plain" };
  const target = { name: "gateway", port, method: "POST", path: pathOf(ask), headers, body: "7" } as const;
  await client.burst(target, { clients, seconds: 2 });
  return (await client.burst(target, { clients, seconds: 4 })).requestsPerSecond;
}

export interface Probe {
  readonly status: number;
  readonly ms: number;
  readonly retryAfter: string | null;
}

/** One request, with the time it took. */
export async function probe(gateway: FaultGateway, headers: Readonly<Record<string, string>> = {}): Promise<Probe> {
  const startedMs = performance.now();
  const response = await fetch(`http://127.0.0.1:${gateway.port}${pathOf("device")}`, {
    method: "POST",
    body: "3",
    headers: { "content-type": "text/plain", ...headers },
  });
  await response.arrayBuffer();
  return {
    status: response.status,
    ms: performance.now() - startedMs,
    retryAfter: response.headers.get("retry-after"),
  };
}

/** Time of an answer that nothing has to be done for. */
export async function healthMs({ port }: FaultGateway): Promise<number> {
  const startedMs = performance.now();
  await (await fetch(`http://127.0.0.1:${port}/healthz`)).arrayBuffer();
  return performance.now() - startedMs;
}

/** Milliseconds until something is so; looks every 10 ms, for a minute at most. */
export async function millisecondsUntil(isSo: () => boolean | Promise<boolean>): Promise<number> {
  const startedMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedMs > 60_000) return Number.POSITIVE_INFINITY;
    await pause(10);
  }
  return performance.now() - startedMs;
}

/** Unix milliseconds, as samples and runs have them. */
export const epochNow = (): number => performance.timeOrigin + performance.now();
