import { fork } from "node:child_process";
import { once } from "node:events";
import type { HostedModel, ModelHost } from "@stargate/compute";
import { quantile } from "../support/statistics.ts";
import { type BenchResult, result } from "../support/result.ts";
import { live, openHost, source } from "./open-host.ts";
import { createEchoBackend } from "./processes/echo-backend.ts";

const sizes = [
  { name: "1 KB", bytes: 2 ** 10, calls: 400 },
  { name: "150 KB", bytes: 150 * 2 ** 10, calls: 100 },
  { name: "6 MB", bytes: 6 * 2 ** 20, calls: 16 },
  { name: "64 MB", bytes: 64 * 2 ** 20, calls: 3 },
] as const;
const ROUNDS = 5;

interface Way {
  readonly name: string;
  send(bytes: Uint8Array): Promise<unknown>;
}

/** There and back with one tensor, in milliseconds: both kinds of hosts against messages of `child_process`. */
export async function measureRoundTrips(): Promise<readonly BenchResult[]> {
  const hosts = [await openHost(createEchoBackend()), await openHost(createEchoBackend(), { isolation: "thread" })];
  const child = fork(new URL("processes/message-echo.ts", import.meta.url), { serialization: "advanced" });
  try {
    const ways: readonly Way[] = [
      { name: "messages", send: (bytes) => (child.send({ bytes }), once(child, "message")) },
      ...(await Promise.all(hosts.map(wayThrough))),
    ];
    const results: BenchResult[] = [];
    for (const size of sizes) {
      const times = await interleaved(ways, size);
      const at = (name: string): number => quantile(times.get(name) ?? [], 0.5);
      for (const { name } of ways.slice(1))
        results.push(
          result(`${size.name} there and back, ${name}, p50 (baseline: messages)`, at(name), "ms", {
            baseline: at("messages"),
          }),
        );
    }
    return results;
  } finally {
    child.kill();
    await Promise.all(hosts.map((host) => host.close()));
  }
}

async function wayThrough(host: ModelHost): Promise<Way> {
  const model: HostedModel = await host.load(source("echo"), { device: "cpu", signal: live });
  const name = host.processId === undefined ? "thread" : "process";
  return {
    name,
    send: (data) => model.run({ x: { dtype: "uint8", shape: [data.length], data } }, { signal: live }),
  };
}

/** Rounds of all ways in turn, so that a slow moment of the machine hits all alike. The first round warms up. */
async function interleaved(ways: readonly Way[], size: (typeof sizes)[number]): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const way of ways) {
      for (let call = 0; call < size.calls; call++) {
        const bytes = new Uint8Array(size.bytes).fill(7); // a thread takes it over
        const startMs = performance.now();
        await way.send(bytes);
        if (round > 0) times.get(way.name)?.push(performance.now() - startMs);
      }
    }
  }
  return times;
}
