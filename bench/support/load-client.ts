// A closed-loop HTTP/1.1 client in a process of its own: N keep-alive connections, each sending its next request when
// the answer to the last one is complete. On node:net instead of node:http, because the client must be cheaper than
// the cheapest server it measures; the whole request is made once.
import { connect, type Socket } from "node:net";
import { quantile } from "./statistics.ts";
import type { LoadOrder, LoadReport } from "./load.ts";

process.on("message", (order: LoadOrder) => {
  void run(order).then((report) => process.send?.(report));
});
process.on("disconnect", () => process.exit(0));
process.stdout.write("{}\n");

async function run(order: LoadOrder): Promise<LoadReport> {
  const request = Buffer.from(
    [
      `${order.method} ${order.path} HTTP/1.1`,
      `Host: 127.0.0.1:${order.port}`,
      ...Object.entries(order.headers).map(([name, value]) => `${name}: ${value}`),
      `Content-Length: ${Buffer.byteLength(order.body)}`,
      "",
      order.body,
    ].join("\r\n"),
  );
  const timesMs: number[] = [];
  const statuses = new Map<string, number>();
  const startedMs = performance.now();
  const untilMs = startedMs + order.seconds * 1000;
  let example = "";
  const answered = (ms: number, status: string, answer: string): boolean => {
    timesMs.push(ms);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (example === "") example = answer;
    return performance.now() < untilMs && timesMs.length < order.maxRequests;
  };
  await Promise.all(Array.from({ length: order.clients }, () => client(order.port, request, answered)));
  const seconds = (performance.now() - startedMs) / 1000;
  return {
    requests: timesMs.length,
    requestsPerSecond: timesMs.length / seconds,
    p50Ms: quantile(timesMs, 0.5),
    p99Ms: quantile(timesMs, 0.99),
    statuses: Object.fromEntries(statuses),
    example,
  };
}

/** One connection; sends until `answered` says that it is enough. */
function client(
  port: number,
  request: Buffer,
  answered: (ms: number, status: string, answer: string) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let received = "";
    let sentMs = 0;
    const send = (): void => {
      received = "";
      sentMs = performance.now();
      socket.write(request);
    };
    socket.setEncoding("latin1");
    socket.on("connect", send);
    socket.on("data", (chunk: string) => {
      received += chunk;
      if (!isComplete(received)) return;
      const more = answered(performance.now() - sentMs, received.slice(9, 12), received);
      if (more) send();
      else socket.end(() => socket.destroy());
    });
    socket.on("error", reject);
    socket.on("close", () => resolve());
  });
}

/** Whether an answer with a Content-Length or in chunks is all there. */
function isComplete(received: string): boolean {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(received);
  return length?.[1] === undefined
    ? received.endsWith("0\r\n\r\n")
    : received.length >= headEnd + 4 + Number(length[1]);
}
