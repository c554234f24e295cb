import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { startOpenLoad, type LoadSample } from "../../support/open-load.ts";
import { result, type BenchResult } from "../../support/result.ts";
import { openLab } from "../lab.ts";
import { faults, summary } from "../samples.ts";

type Note = (message: string) => void;

const run = promisify(execFile);
const script = new URL("../processes/ray_replicas.py", import.meta.url).pathname;
/** Stays between runs: Ray and what it needs are some hundred megabytes. Ignored by git. */
const home = new URL("../../../.runtime/bench-python", import.meta.url).pathname;
const packages = ["ray[serve]"];
const kills = 3;
const secondsBetween = 5;
const seconds = (kills + 1) * secondsBetween;
/** Two replicas that take 20 ms a call do 100 at most. */
const ratePerSecond = 70;

/** One of two replicas is killed under load, again and again: Ray Serve beside this gateway, at the same rate. */
export async function measureRayServe(note: Note): Promise<readonly BenchResult[]> {
  const ours = await killOurs(note);
  const row = (theirs?: number): BenchResult =>
    result(
      `one of two replicas killed, ${kills}x: 5xx and broken connections of ${ours.length}`,
      faults(ours).length,
      "",
      {
        goal: "<= 0",
        ...(theirs !== undefined && { baseline: theirs }),
      },
    );
  if (!(await install(note))) return [row()];
  const theirs = await killTheirs(note);
  note(`Ray Serve: ${summary(theirs)}`);
  return [row(faults(theirs).length)];
}

async function killOurs(note: Note): Promise<readonly LoadSample[]> {
  await using lab = await openLab({ pools: { one: 2 }, note });
  const one = lab.gateway.pool("one");
  const killing = killNowAndThen(async () => one.hosts()[0]);
  const samples = await lab.load(1, seconds, { ratePerSecond });
  await killing;
  note(`ours: ${summary(samples)}`);
  return samples;
}

/** Installs Ray where this bench keeps it; false, with the reason told, when that cannot be done here. */
async function install(note: Note): Promise<boolean> {
  const python = join(home, "bin/python");
  try {
    if (!existsSync(python)) await run("python3", ["-m", "venv", home], { timeout: 60_000 });
    note(`Ray Serve: installing ${packages.join(", ")} into ${home}`);
    await run(python, ["-m", "pip", "install", "-q", ...packages], { timeout: 420_000, maxBuffer: 2 ** 24 });
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split("\n").at(-1) : "";
    note(`Ray Serve: left out, it cannot be installed here (${reason ?? ""})`);
    return false;
  }
}

async function killTheirs(note: Note): Promise<readonly LoadSample[]> {
  const port = await freePort();
  // A group of its own: Ray starts many processes, which end with the first one only when they are told.
  const child = spawn(join(home, "bin/python"), [script, String(port)], { stdio: "ignore", detached: true });
  const load = { port, path: "/ask", ratePerSecond };
  await using client = await startOpenLoad();
  try {
    for (let attempt = 0; !(await answers(port)); attempt++) {
      if (attempt > 300 || child.exitCode !== null) throw new RangeError("Ray Serve does not answer");
      await pause(200);
    }
    await client.burst({ ...load, seconds: 4 });
    note(`Ray Serve: a replica is killed, ${kills} times`);
    const killing = killNowAndThen(async () => Number(await (await ask(port)).text()));
    const samples = await client.burst({ ...load, seconds });
    await killing;
    return samples;
  } finally {
    await end(child.pid, child);
  }
}

async function end(pid: number | undefined, child: ReturnType<typeof spawn>): Promise<void> {
  if (pid === undefined) return;
  const exited = child.exitCode !== null || child.signalCode !== null ? undefined : once(child, "exit");
  signalGroup(pid, "SIGTERM");
  await Promise.race([exited, pause(10_000)]);
  signalGroup(pid, "SIGKILL");
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended.
  }
}

async function killNowAndThen(find: () => Promise<number | undefined>): Promise<void> {
  for (let kill = 0; kill < kills; kill++) {
    await pause(secondsBetween * 1000);
    const processId = await find();
    if (processId !== undefined && processId > 0) process.kill(processId, "SIGKILL");
  }
}

/** A replica answers with its process id. */
const ask = (port: number): Promise<Response> => fetch(`http://127.0.0.1:${port}/ask`, { method: "POST", body: "1" });

async function answers(port: number): Promise<boolean> {
  try {
    return (await ask(port)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  server.close();
  return port;
}
