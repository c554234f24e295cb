import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { peakResidentMib, residentMib } from "../support/process-memory.ts";
import { result, type BenchResult } from "../support/result.ts";
import { startGateway, type GatewayProcess } from "./gateway-process.ts";

const mib = 2 ** 20;
const chunk = Buffer.alloc(64 * 1024, "stargate");

/** Memory of the gateway while large raw bodies arrive, over what it has when idle. */
export async function measureUploads(note: (message: string) => void): Promise<readonly BenchResult[]> {
  await using gateway = await startGateway({ size: { input: "bytes", use: "bench.size" } });
  const { pid } = gateway.child;
  note("upload: warm-up");
  for (let times = 0; times < 20; times++) await upload(gateway, 2 * mib, 1);
  const idle = await settled(pid);
  note("upload: ten bodies of 256 MiB at once");
  const ten = await growth(pid, () => upload(gateway, 256 * mib, 10));
  await settled(pid);
  note("upload: one body of 1 GiB");
  const one = await growth(pid, () => upload(gateway, 1024 * mib, 1));
  return [
    result("RSS added by ten concurrent uploads of 256 MiB", ten.addedMib, "MiB", { goal: "<= 160", baseline: idle }),
    result("upload rate, ten at once", (10 * 256) / ten.seconds, "MiB/s"),
    result("RSS added by one upload of 1 GiB", one.addedMib, "MiB", { goal: "<= 64", baseline: one.beforeMib }),
    result("upload rate, one alone", 1024 / one.seconds, "MiB/s"),
  ];
}

async function growth(pid: number, work: () => Promise<void>) {
  const beforeMib = residentMib(pid);
  writeFileSync(`/proc/${pid}/clear_refs`, "5"); // the peak starts again from here (proc_pid_clear_refs(5))
  const startMs = performance.now();
  await work();
  return { addedMib: peakResidentMib(pid) - beforeMib, seconds: (performance.now() - startMs) / 1000, beforeMib };
}

/** Resident memory once a process has been left alone for a while. */
async function settled(pid: number): Promise<number> {
  await pause(1500);
  return residentMib(pid);
}

async function upload(gateway: GatewayProcess, bytes: number, times: number): Promise<void> {
  await Promise.all(Array.from({ length: times }, () => uploadOne(gateway, bytes)));
}

async function uploadOne(gateway: GatewayProcess, bytes: number): Promise<void> {
  const outgoing = request({
    port: gateway.port,
    host: "127.0.0.1",
    method: "POST",
    path: "/v1/pipelines/size",
    headers: {
      authorization: gateway.authorization,
      "content-type": "application/octet-stream",
      "content-length": bytes,
    },
  });
  const answered = new Promise<string>((resolve, reject) => {
    outgoing.once("error", reject);
    outgoing.once("response", (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (part: string) => (text += part));
      incoming.on("end", () => resolve(text));
    });
  });
  await pipeline(Readable.from(chunks(bytes)), outgoing);
  const answer = await answered;
  if (answer !== JSON.stringify({ bytes })) throw new RangeError(`An upload of ${bytes} bytes was answered: ${answer}`);
}

function* chunks(bytes: number): Generator<Buffer> {
  for (let sent = 0; sent < bytes; sent += chunk.byteLength)
    yield chunk.subarray(0, Math.min(bytes - sent, chunk.byteLength));
}
