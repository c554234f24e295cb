// An open-loop HTTP client in a process of its own: requests are sent at the times of a Poisson process.
import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { seededRandom } from "../ocr/seeded-random.ts";
import type { LoadSample, OpenLoadOrder, RequestClass } from "./open-load.ts";

process.on("message", (order: OpenLoadOrder) => {
  void run(order).then((samples) => process.send?.(samples));
});
process.on("disconnect", () => process.exit(0));
process.stdout.write("{}\n");

type Attempt = Pick<LoadSample, "ms" | "status" | "retryAfter" | "body">;

const nowMs = (): number => performance.timeOrigin + performance.now();

async function run(order: OpenLoadOrder): Promise<readonly LoadSample[]> {
  const agent = new Agent({ keepAlive: true });
  const random = seededRandom(order.seed);
  const sent: Promise<LoadSample>[] = [];
  const startedMs = performance.now();
  let dueMs = 0;
  let isOpen = true;
  const watch = order.watchReadiness ? watchReadiness(order, () => (isOpen = false)) : undefined;
  while (isOpen && dueMs < order.seconds * 1000) {
    const waitMs = dueMs - (performance.now() - startedMs);
    if (waitMs > 1) await pause(waitMs);
    if (!isOpen) break;
    const kind = classAt(order.classes, random());
    sent.push(ask(order, agent, kind, order.firstBody + (sent.length % order.bodies)));
    dueMs -= (Math.log(1 - random()) * 1000) / order.ratePerSecond;
  }
  const samples = await Promise.all(sent);
  if (watch !== undefined) clearInterval(watch);
  agent.destroy();
  return samples;
}

function classAt(classes: readonly RequestClass[], draw: number): RequestClass {
  let left = draw;
  for (const one of classes) {
    left -= one.share;
    if (left < 0) return one;
  }
  return classes.at(-1) as RequestClass; // there is at least one
}

async function ask(order: OpenLoadOrder, agent: Agent, kind: RequestClass, id: number): Promise<LoadSample> {
  const atMs = nowMs();
  for (let attempts = 1; ; attempts++) {
    const attempt = await send(order, agent, kind, String(id));
    const isRefused = attempt.status === 503 || attempt.status === 0;
    if (!isRefused || attempts > order.retries) return { id, kind: kind.name, atMs, attempts, ...attempt };
  }
}

function send(order: OpenLoadOrder, agent: Agent, kind: RequestClass, body: string): Promise<Attempt> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const fail = (error: Error): void =>
      resolve({ ms: performance.now() - startedMs, status: 0, retryAfter: null, body: error.message });
    const outgoing = request({
      agent,
      port: order.port,
      host: "127.0.0.1",
      method: "POST",
      path: order.path,
      headers: {
        "content-type": "text/plain",
        "content-length": Buffer.byteLength(body),
        ...order.headers,
        ...kind.headers,
      },
    });
    outgoing.on("error", fail);
    outgoing.on("response", (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (part: string) => (text += part));
      incoming.on("error", fail);
      incoming.on("end", () =>
        resolve({
          ms: performance.now() - startedMs,
          status: incoming.statusCode ?? 0,
          retryAfter: incoming.headers["retry-after"] ?? null,
          body: text,
        }),
      );
    });
    outgoing.end(body);
  });
}

function watchReadiness({ port }: OpenLoadOrder, notReady: () => void): NodeJS.Timeout {
  return setInterval(() => {
    fetch(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok || notReady(), notReady);
  }, 50);
}
