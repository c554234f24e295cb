// Sends requests for embeddings. Closed: so many at once, each sent when the one before is answered. Open: at the times
// of a Poisson process, on as many connections as it takes, timed from the moment each was due.
import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { seededRandom } from "../../ocr/seeded-random.ts";
import { quantile } from "../../support/statistics.ts";
import { numbered } from "../load/bodies.ts";
import type { EmbeddingOrder, EmbeddingReport } from "../load/order.ts";

const agent = new Agent({ keepAlive: true, maxSockets: Infinity, scheduling: "lifo" });

process.on("message", (order: EmbeddingOrder) => {
  void run(order).then((report) => process.send?.(report));
});
process.on("disconnect", () => process.exit(0));
process.stdout.write("{}\n");

async function run(order: EmbeddingOrder): Promise<EmbeddingReport> {
  const timesMs: number[] = [];
  const statuses: Record<string, number> = {};
  let example = "";
  let number = order.firstNumber;
  const startedMs = performance.now();
  const untilMs = startedMs + order.seconds * 1000;
  const one = async (dueMs: number): Promise<void> => {
    const body = numbered(order.bodies[number % order.bodies.length] ?? "", number);
    number += 1;
    const { status, text } = await send(order, body);
    timesMs.push(performance.now() - dueMs);
    statuses[status] = (statuses[status] ?? 0) + 1;
    example = text;
  };
  if ("clients" in order.load) {
    const client = async (): Promise<void> => {
      while (performance.now() < untilMs) await one(performance.now());
    };
    await Promise.all(Array.from({ length: order.load.clients }, client));
  } else {
    const random = seededRandom(order.firstNumber + 1);
    const underWay: Promise<void>[] = [];
    for (let dueMs = startedMs; dueMs < untilMs; dueMs -= (Math.log(1 - random()) * 1000) / order.load.perSecond) {
      await pause(Math.max(0, dueMs - performance.now()));
      underWay.push(one(dueMs));
    }
    await Promise.all(underWay);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  return {
    requests: timesMs.length,
    requestsPerSecond: timesMs.length / seconds,
    p50Ms: quantile(timesMs, 0.5),
    p95Ms: quantile(timesMs, 0.95),
    p99Ms: quantile(timesMs, 0.99),
    statuses,
    example,
  };
}

function send(order: EmbeddingOrder, body: string): Promise<{ readonly status: number; readonly text: string }> {
  const headers = {
    authorization: order.authorization,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const { port } = order;
    const sent = request({ agent, host: "127.0.0.1", port, method: "POST", path: "/v1/embeddings", headers });
    sent.on("error", reject);
    sent.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.end(body);
  });
}
