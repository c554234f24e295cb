import { fork, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "@stargate/kernel/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createNodeClock } from "../src/host/node-clock.ts";
import { acceptedJob, jobIn, postJob, type DescribedJob } from "./support/job-client.ts";

const KILLS = 5;
const SENDERS = 4;

interface Post {
  readonly key: string;
  readonly text: string;
}
const send = (url: string, { key, text }: Post) => postJob(url, "work", text, { "idempotency-key": key });

const clock = createNodeClock();
const children = new Set<ChildProcess>();
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "stargate-kill-jobs-"));
});
afterEach(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) await kill(child, "SIGKILL");
  children.clear();
  await rm(directory, { recursive: true, force: true });
});

/** A process that has loaded the gateway and waits for its turn. */
async function load(): Promise<ChildProcess> {
  const child = fork(new URL("./support/job-process.ts", import.meta.url), [directory], {
    execArgv: ["--conditions=@stargate/source", "--disable-warning=ExperimentalWarning"],
    env: { ...process.env, NODE_COMPILE_CACHE: join(directory, "compiled") },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  children.add(child);
  expect(await once(child, "message")).toEqual(["loaded", undefined]);
  return child;
}

async function serve(loaded = load()): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = await loaded;
  const message = once(child, "message");
  child.send("go");
  const [url] = (await message) as [string];
  return { child, url };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown> {
  const exited = once(child, "exit");
  child.kill(signal);
  return (await exited)[0];
}

/** Lines of what was really run. */
const runs = async (): Promise<readonly string[]> => (await readFile(join(directory, "runs"), "utf8")).split("\n");

test("a job that was running when the gateway was killed is run again, but for the steps whose results are kept", async () => {
  const first = await serve();
  const { id } = await acceptedJob(first.url, "work", "held");
  await expect.poll(() => runs().catch(() => [])).toContain("finish HELD");
  await expect.poll(() => readdir(join(directory, ".stargate", "results")).catch(() => [])).not.toEqual([]);
  await kill(first.child, "SIGKILL");
  await writeFile(join(directory, "go"), "");
  const second = await serve();
  const job = await jobIn(second.url, id, "succeeded");
  expect(job.attempts).toBe(2);
  expect(await (await fetch(`${second.url}${job.result ?? ""}`)).text()).toBe("HELD.");
  expect((await runs()).filter((line) => line !== "")).toEqual(["prepare held", "finish HELD", "finish HELD"]);
  const receipt = await (await fetch(`${second.url}/v1/receipts/${job.receipt ?? ""}`)).json();
  expect(receipt).toMatchObject({
    steps: [
      { id: "prepare", cached: 1 },
      { id: "finish", cached: 0 },
    ],
  });
  expect(await kill(second.child, "SIGTERM")).toBe(0);
});

test(
  `no job that was accepted is lost or done twice over ${KILLS} kills at random moments`,
  { timeout: 60_000 },
  async () => {
    const seed = Number(process.env["STARGATE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    const random = seededRandom(seed);
    const note = `seed ${seed}`;
    const accepted = new Map<string, string>();
    let server = await serve();
    let next = load();
    let sent = 0;
    for (let kills = 0; kills < KILLS; kills += 1) {
      const { child, url } = server;
      const exited = once(child, "exit");
      const unanswered: Post[] = [];
      const take = async (response: Response, text: string): Promise<void> => {
        const { id } = (await response.json()) as DescribedJob;
        accepted.set(id, `${text.toUpperCase()}.`);
      };
      const sendUntilKilled = async (): Promise<void> => {
        for (let answered = true; answered;) {
          const post = { key: randomUUID(), text: `job ${sent++} `.repeat(random.integer(1, 300)) };
          const response = await send(url, post).catch(() => undefined);
          answered = response !== undefined;
          if (response === undefined) unanswered.push(post);
          else await take(response, post.text).catch(() => unanswered.push(post));
        }
      };
      const senders = Array.from({ length: SENDERS }, sendUntilKilled);
      clock.timer(random.next() * 300, () => child.kill("SIGKILL"));
      await Promise.all([...senders, exited]);
      server = await serve(next);
      next = load();
      // Nobody knows whether these were taken: with their keys it does no harm to send them again.
      for (const post of unanswered) await take(await send(server.url, post), post.text);
    }
    await expect
      .poll(
        async () => {
          const response = await fetch(`${server.url}/v1/jobs?state=succeeded&limit=1000`);
          return ((await response.json()) as { jobs: unknown[] }).jobs.length;
        },
        { timeout: 30_000, interval: 100 },
      )
      .toBe(accepted.size);
    console.log(`${KILLS} kills, ${sent} jobs; ${note}`);
    expect(accepted.size, note).toBe(sent);
    for (const [id, text] of accepted) {
      const result = await fetch(`${server.url}/v1/jobs/${id}/result`);
      expect(await result.text(), `${note} ${id}`).toBe(text);
    }
    expect(new Set(await readdir(join(directory, ".stargate", "jobs", "files"))), note).toEqual(
      new Set(accepted.keys()),
    );
    expect(await kill(server.child, "SIGTERM"), note).toBe(0);
    await next;
  },
);
