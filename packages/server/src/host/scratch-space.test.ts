import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { RunScope } from "@stargate/kernel";
import { openScratchSpace } from "./scratch-space.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-scratch-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const scope = (runId = "run", signal = new AbortController().signal): RunScope => ({
  runId,
  tenant: "default",
  signal,
});

async function filesUnder(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

it("stores a stream and gives it back as a Blob of the type asked for", async () => {
  const space = await openScratchSpace({ folder });
  const { scratch } = space.open(scope());
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("one ");
    yield Buffer.from("two");
  }
  const blob = await scratch.put(chunks(), "text/plain");
  expect({ type: blob.type, size: blob.size, text: await blob.text() }).toEqual({
    type: "text/plain",
    size: 7,
    text: "one two",
  });
  await space.close();
});

it("keeps a stored Blob's own type", async () => {
  const space = await openScratchSpace({ folder });
  const blob = await space.open(scope()).scratch.put(new Blob(["x"], { type: "image/png" }));
  expect(blob.type).toBe("image/png");
  await space.close();
});

it("creates nothing for a run that stores nothing", async () => {
  const space = await openScratchSpace({ folder });
  const run = space.open(scope());
  expect(await filesUnder(folder)).toBe(0);
  await run.close();
  await space.close();
});

it("removes a run's files when the run closes, and nobody else's", async () => {
  const space = await openScratchSpace({ folder });
  const [first, second] = [space.open(scope("../a/b")), space.open(scope("second"))];
  await first.scratch.put(new Blob(["1"]));
  await second.scratch.put(new Blob(["2"]));
  await first.close();
  expect(await filesUnder(folder)).toBe(1);
  await space.close();
  expect(await filesUnder(folder)).toBe(0);
});

it("refuses more than the run's quota over all its files", async () => {
  const space = await openScratchSpace({ folder, maxBytesPerRun: 10 });
  const { scratch } = space.open(scope());
  await scratch.put(new Blob(["12345"]));
  await expect(scratch.put(new Blob(["678901"]))).rejects.toMatchObject({
    code: "SG_SCRATCH_FULL",
    message: expect.stringContaining("10 bytes") as string,
  });
  await space.close();
});

it("stops writing when the run is aborted", async () => {
  const space = await openScratchSpace({ folder });
  const abort = new AbortController();
  const { scratch } = space.open(scope("run", abort.signal));
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      yield new Uint8Array(1024);
      abort.abort();
    }
  }
  await expect(scratch.put(endless())).rejects.toMatchObject({ name: "AbortError" });
  await space.close();
});

it("removes what dead processes of this machine left behind, and only that", async () => {
  const dead = spawnSync(process.execPath, ["--eval", ""]).pid;
  const names = {
    dead: `${hostname()}_${dead}_aa`,
    alive: `${hostname()}_${process.ppid}_bb`,
    earlierSelf: `${hostname()}_${process.pid}_cc`,
    otherMachine: `elsewhere_${dead}_dd`,
    foreign: "notes",
  };
  for (const name of Object.values(names)) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "0"), "left");
  }
  const own = await openScratchSpace({ folder });
  await own.open(scope()).scratch.put(new Blob(["mine"]));
  const second = await openScratchSpace({ folder });
  const left = await readdir(folder);
  expect(left.filter((name) => Object.values(names).includes(name)).toSorted()).toEqual(
    [names.alive, names.otherMachine, names.foreign].toSorted(),
  );
  expect(left).toHaveLength(5);
  await own.close();
  await second.close();
});
