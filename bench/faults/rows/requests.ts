import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { result, type BenchResult } from "../../support/result.ts";
import { pathOf } from "../fault-gateway.ts";
import { epochNow, millisecondsUntil, openLab } from "../lab.ts";
import { faults } from "../samples.ts";

const clients = 40;

/** F17: clients go away while the first of two models works for them. */
export async function measureDisconnects(note: (message: string) => void): Promise<readonly BenchResult[]> {
  await using lab = await openLab({ pools: { one: 2, two: 1 }, note });
  const pools = [lab.gateway.pool("one"), lab.gateway.pool("two")];
  for (const pool of pools) pool.set({ slowness: 10 });
  const ran = (id: number): boolean => pools.some((pool) => pool.runs().some(({ ids }) => ids.includes(id)));
  note(`F17: ${clients} clients go away during the first of two steps`);
  const goneMs = new Map<number, number>();
  for (let client = 0; client < clients; client += 2) {
    const ids = [10_000 + client, 10_001 + client];
    const sockets = ids.map((id) => send(lab.gateway.port, id));
    await millisecondsUntil(() => ids.some(ran));
    for (const [index, socket] of sockets.entries()) {
      goneMs.set(ids[index] ?? 0, epochNow());
      socket.destroy();
    }
  }
  await pause(1000);
  for (const pool of pools) pool.set({});
  const givenUp = readFileSync(join(lab.gateway.directory, "given-up"), "utf8").trim().split("\n");
  const delays = givenUp.map((line) => {
    const [id = 0, atMs = 0] = line.split(" ").map(Number);
    return atMs - (goneMs.get(id) ?? Number.NaN);
  });
  const second = pools.flatMap((pool) => pool.runs().flatMap(({ ids }) => ids)).filter((id) => id % 1 === 0.5);
  const after = await lab.load(0.5, 3);
  return [
    result(`F17 clients that went: runs cancelled, of ${clients}`, delays.length, "", { goal: `>= ${clients}` }),
    result("F17 until a run is cancelled, slowest", Math.max(...delays), "ms", { goal: "<= 100" }),
    result("F17 second steps begun for them", second.length, "", { goal: "<= 0" }),
    result(`F17 5xx of ${after.length} requests after that`, faults(after).length, "", { goal: "<= 0" }),
  ];
}

function send(port: number, id: number) {
  const body = String(id);
  const outgoing = request({
    port,
    host: "127.0.0.1",
    method: "POST",
    path: pathOf("twice"),
    headers: { "content-type": "text/plain", "content-length": body.length },
  });
  outgoing.on("error", () => undefined); // it is cut off on purpose
  outgoing.end(body);
  return outgoing;
}
