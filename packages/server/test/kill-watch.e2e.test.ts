import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "@stargate/kernel/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { forestScenes, type ForestScene } from "../../../test/support/forest-scenes.ts";
import { startStacServer, type StacServer } from "../../../test/support/stac-server.ts";
import { createNodeClock } from "../src/host/node-clock.ts";

const KILLS = 20;
const clock = createNodeClock();

/** The catalogue grows in steps, a large one and small ones; the clearing is there from the middle of them on. */
const past = [...forestScenes("2021-01-01", "2023-02-01")].filter((_, index) => index % 2 === 0);
const recent = [...forestScenes("2023-02-05", "2023-08-20")];
const STEP_SCENES = 3;
const steps: readonly (readonly ForestScene[])[] = [
  past,
  ...Array.from({ length: Math.ceil(recent.length / STEP_SCENES) }, (_, step) =>
    recent.slice(step * STEP_SCENES, (step + 1) * STEP_SCENES),
  ),
];

interface Message {
  readonly type: string;
}

let root: string;
const children = new Set<ChildProcess>();
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "stargate-kill-watch-"));
});
afterAll(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
});

/** A process that has loaded everything and waits for its turn. */
async function load(folder: string, { url }: StacServer): Promise<ChildProcess> {
  const child = fork(new URL("./support/watch-process.ts", import.meta.url), [folder, url], {
    execArgv: ["--conditions=@stargate/source", "--disable-warning=ExperimentalWarning"],
    env: { ...process.env, NODE_COMPILE_CACHE: join(root, "compiled") },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  children.add(child);
  expect((await Promise.race([once(child, "message"), once(child, "exit")]))[0]).toBe("loaded");
  return child;
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
const scenesIn = async (folder: string): Promise<number> =>
  (await namesIn(join(folder, "scenes"))).filter((name) => /\d_L2A\.json$/.test(name)).length;
const detectedIn = async (folder: string): Promise<string | undefined> => {
  const text = await readFile(join(folder, "watch.json"), "utf8").catch(() => "{}");
  return (JSON.parse(text) as { readonly detected?: string }).detected;
};

/** Publishes step after step, each when the one before was read and judged; ends with the last. */
async function publishAll(folder: string, stac: StacServer): Promise<void> {
  let published = 0;
  let before: string | undefined;
  for (const step of steps) {
    await stac.publish(step);
    published += step.length;
    await expect
      .poll(
        async () => {
          const detected = await detectedIn(folder);
          return (await scenesIn(folder)) === published && detected !== undefined && detected !== before;
        },
        { timeout: 60_000, interval: 20 },
      )
      .toBe(true);
    before = await detectedIn(folder);
  }
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
}

test(
  `no scene is lost or read twice, and the alerts are those of a watch in peace, over ${KILLS} kills at random moments`,
  { timeout: 180_000 },
  async () => {
    const seed = Number(process.env["STARGATE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    const random = seededRandom(seed);
    const note = `seed ${seed}`;
    await using stac = await startStacServer();
    await using quiet = await startStacServer();
    const [folder, peace] = [join(root, "killed"), join(root, "peace")];

    const undisturbed = await load(peace, quiet);
    undisturbed.send("go");
    await publishAll(peace, quiet);
    await end(undisturbed); // it leaves the compile cache the others start faster with

    // A scene is done when its item is there: from then on nobody has to read its files.
    const again: string[] = [];
    stac.outage = ({ url = "" }) => {
      const [, scene] = /\/files\/(.*_L2A)_/.exec(url) ?? [];
      if (scene !== undefined && existsSync(join(folder, "scenes", `${scene}.json`))) again.push(scene);
      return false;
    };
    const published = publishAll(folder, stac);
    const kinds = new Map<string, number>();
    let next = load(folder, stac);
    for (let kills = 0; kills < KILLS; kills += 1) {
      const child = await next;
      next = load(folder, stac);
      const exited = once(child, "exit");
      const awaited = random.chance(0.2) ? 0 : random.integer(1, 8);
      const worked = new Promise<void>((resolve) => {
        let seen = 0;
        const cancelTimer = clock.timer(1000, resolve); // nothing is new: it waits for the catalogue
        const goOn = (): void => {
          cancelTimer();
          resolve();
        };
        child.on("message", ({ type }: Message) => {
          if (type === "searched") return;
          kinds.set(type, (kinds.get(type) ?? 0) + 1);
          seen += 1;
          if (seen === awaited) goOn();
        });
        if (awaited === 0) goOn(); // kills while lock and folder are being opened
      });
      child.send("go");
      await worked;
      clock.timer(random.next() * 120, () => child.kill("SIGKILL"));
      await exited;
    }
    const last = await next;
    last.send("go");
    await published;
    await end(last);

    const scenes = steps.flat();
    console.log(
      `${KILLS} kills, ${scenes.length} scenes, told between the kills: ${JSON.stringify([...kinds])}; ${note}`,
    );
    const expected = scenes.flatMap(({ id }) => [`${id}.json`, `${id}.receipt.json`, `${id}.tif`]);
    expect((await readdir(join(folder, "scenes"))).toSorted(), note).toEqual(expected.toSorted());
    expect((await readdir(folder)).toSorted(), note).toEqual(["alerts.geojson", "failed", "scenes", "watch.json"]);
    expect(await readdir(join(folder, "failed")), note).toEqual([]);
    expect(again, note).toEqual([]);
    expect([...kinds.keys()], note).not.toContain("scene-failed");
    const alertsOf = (of: string): Promise<string> => readFile(join(of, "alerts.geojson"), "utf8");
    expect(await alertsOf(folder), note).toBe(await alertsOf(peace));
    expect((JSON.parse(await alertsOf(folder)) as { readonly features: readonly object[] }).features).toHaveLength(1);
  },
);
