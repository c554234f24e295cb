import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { printPages } from "../ocr/printed-pages.ts";
import { scanPages, toPng } from "../ocr/scanned-pages.ts";
import { startNode, type Child } from "../support/child-process.ts";
import { result, type BenchResult } from "../support/result.ts";

const commandLine = new URL("../../packages/server/src/cli/main.ts", import.meta.url).pathname;
const watcher = new URL("processes/watch-event-loop.ts", import.meta.url).pathname;
const scansAtOnce = 8;

interface Delays {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** How late the gateway's thread is while eight scans are being read by its workers. */
export async function measureEventLoop(note: (message: string) => void): Promise<readonly BenchResult[]> {
  const directory = await mkdtemp(join(tmpdir(), "stargate-bench-"));
  try {
    await using gateway = await startNode(commandLine, {
      arguments: ["serve", "--json", "--port", "0"],
      nodeArguments: [`--import=${watcher}`],
      messages: true,
      directory,
      errorOutput: "ignore",
    });
    const url = `${String(gateway.ready["url"])}/v1/convert?to=text`;
    const { pdf } = await printPages(scansAtOnce, 31);
    const rasters = await scanPages(pdf, { dpi: 200, skewDegrees: 0.3, noise: 6, seed: 31 });
    const scans = await Promise.all(rasters.map(toPng));
    const [first] = scans;
    if (first !== undefined) await readScan(url, first); // engines are loaded by their first document
    gateway.process.send("reset");
    await pause(3000);
    const idle = await report(gateway);
    note(`event loop: ${scansAtOnce} scans at once`);
    gateway.process.send("reset");
    const texts = await Promise.all(scans.map((scan) => readScan(url, scan)));
    const busy = await report(gateway);
    note(
      `event loop: ${texts.join("").length} characters read, p50 ${busy.p50Ms.toFixed(1)} ms, max ${busy.maxMs.toFixed(1)} ms`,
    );
    return [
      result(`event-loop delay p99 while ${scansAtOnce} scans are read`, busy.p99Ms, "ms", {
        goal: "<= 10",
        baseline: idle.p99Ms,
      }),
      result(`event-loop delay max while ${scansAtOnce} scans are read`, busy.maxMs, "ms", { baseline: idle.maxMs }),
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function report(gateway: Child): Promise<Delays> {
  const answered = once(gateway.process, "message");
  gateway.process.send("report");
  const [delays] = (await answered) as [Delays];
  return delays;
}

async function readScan(url: string, scan: Buffer<ArrayBufferLike>): Promise<string> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "image/png" },
    body: new Uint8Array(scan),
  });
  const text = await response.text();
  if (!response.ok || text.length < 1000)
    throw new RangeError(`A scan was answered ${response.status}: ${text.slice(0, 300)}`);
  return text;
}
