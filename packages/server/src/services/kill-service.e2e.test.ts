import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { seededRandom } from "@stargate/kernel/testing";
import { createNodeClock } from "../host/node-clock.ts";

const KILLS = 200;
const FILES_AT_ONCE = 12;
const clock = createNodeClock();

it(
  "loses nothing, repeats nothing and leaves nothing half-written over 200 kills at random moments",
  { timeout: 400_000 },
  async () => {
    const seed = Number(process.env["STARGATE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    const random = seededRandom(seed);
    const root = await mkdtemp(join(tmpdir(), "stargate-kill-"));
    const [incoming, outgoing] = [join(root, "in"), join(root, "out")];
    await Promise.all([mkdir(incoming), mkdir(outgoing)]);
    const expected = new Map<string, string>();

    // Every third content is that of an earlier file: same bytes under another name are another item.
    async function drop(count: number): Promise<void> {
      for (let index = 0; index < count; index += 1) {
        const number = expected.size;
        const name = `file-${number}.txt`;
        const content = `content ${number % 3 === 0 ? Math.floor(number / 2) : number} `.repeat(random.integer(1, 400));
        expected.set(name, content.toUpperCase());
        await writeFile(join(incoming, `.${name}`), content);
        await rename(join(incoming, `.${name}`), join(incoming, name));
      }
    }

    async function load(): Promise<ChildProcess> {
      const child = fork(new URL("../../test/support/service-process.ts", import.meta.url), [incoming, outgoing], {
        execArgv: ["--conditions=@stargate/source", "--disable-warning=ExperimentalWarning"],
        env: { ...process.env, NODE_COMPILE_CACHE: join(root, "compiled") },
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      expect((await Promise.race([once(child, "message"), once(child, "exit")]))[0]).toBe("loaded");
      return child;
    }

    // A process that ends by itself leaves the compile cache the others start faster with.
    const first = await load();
    first.send("go");
    first.kill("SIGTERM");
    expect(await once(first, "exit")).toEqual([0, null]);

    let outcomes = 0;
    let next = load();
    for (let kills = 0; kills < KILLS; kills += 1) {
      const child = await next;
      next = load();
      await drop(Math.max(0, FILES_AT_ONCE - (await namesIn(incoming)).length));
      const exited = once(child, "exit");
      const awaited = random.chance(0.1) ? 0 : random.integer(1, 4);
      const worked = new Promise<void>((resolve) => {
        let seen = 0;
        child.on("message", () => {
          outcomes += 1;
          seen += 1;
          if (seen === awaited) resolve();
        });
        if (awaited === 0) resolve(); // kills while folders, locks and journal are being opened
      });
      child.send("go");
      await Promise.all([worked, drop(random.integer(0, 2))]);
      clock.timer(random.next() * 15, () => child.kill("SIGKILL"));
      await exited;
    }

    const last = await next;
    const exited = once(last, "exit");
    last.send("go");
    await expect.poll(() => unfinishedIn(incoming), { timeout: 60_000, interval: 50 }).toEqual([]);
    last.kill("SIGTERM");
    const [exitCode] = await exited;

    const note = `seed ${seed}`;
    console.log(`${KILLS} kills, ${expected.size} files, ${outcomes} of them done between the kills; ${note}`);
    expect(exitCode, note).toBe(0);
    expect((await namesIn(outgoing)).toSorted(byName), note).toEqual([...expected.keys()].toSorted(byName));
    for (const [name, content] of expected)
      expect(await readFile(join(outgoing, name), "utf8"), `${note} ${name}`).toBe(content);
    for (const place of ["writing", "ready", "placing"])
      expect(await readdir(join(outgoing, ".stargate", place)), `${note} ${place}`).toEqual([]);
    expect(await readdir(join(outgoing, ".stargate", "delivered")), note).toHaveLength(expected.size);
    expect(await readdir(join(incoming, ".stargate", "failed")), note).toEqual([]);
    await rm(root, { recursive: true });
  },
);

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name !== ".stargate");
}

async function unfinishedIn(incoming: string): Promise<string[]> {
  return [...(await namesIn(incoming)), ...(await readdir(join(incoming, ".stargate", "work")))];
}

function byName(a: string, b: string): number {
  return a < b ? -1 : 1;
}
