import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@stargate/kernel/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMemoryLog } from "../../../test/host-kit.ts";
import { createNvidiaSmi } from "./nvidia-smi.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-smi-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Something that answers as nvidia-smi does, because there is no GPU here: its arguments go to a file, then it prints. */
async function fakeSmi(script: string): Promise<string> {
  const command = join(folder, "nvidia-smi");
  await writeFile(command, `#!/bin/sh\necho "$@" >> ${folder}/calls\necho $$ > ${folder}/pid\n${script}\n`);
  await chmod(command, 0o755);
  return command;
}

const isAlive = (processId: number): boolean => {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
};

test("one process reads all GPUs, watts become joules, and it ends with the last meter", async () => {
  const clock = createFakeClock();
  const command = await fakeSmi('echo "0, 100.0"; echo "1, [N/A]"; exec sleep 60');
  const smi = createNvidiaSmi({ clock, log: createMemoryLog(), command });
  const heard: (readonly [number, number | string])[] = [];
  const meters = [0, 1].map((gpu) => {
    const meter = smi.meter(gpu);
    meter.start({ reading: (joules) => heard.push([gpu, joules]), lost: () => heard.push([gpu, "lost"]) });
    return meter;
  });
  await vi.waitFor(() =>
    expect(heard).toEqual([
      [0, 0],
      [1, "lost"],
    ]),
  );
  expect(await readFile(join(folder, "calls"), "utf8")).toBe(
    "--query-gpu=index,power.draw --format=csv,noheader,nounits --loop-ms=200\n",
  );
  for (const meter of meters) meter.stop();
  const processId = Number(await readFile(join(folder, "pid"), "utf8"));
  await vi.waitFor(() => expect(isAlive(processId)).toBe(false));
});

test("one that ends is told and started again after a while", async () => {
  const clock = createFakeClock();
  const smi = createNvidiaSmi({ clock, log: createMemoryLog(), command: await fakeSmi('echo "0, 60"') });
  const heard: (number | string)[] = [];
  const meter = smi.meter(0);
  meter.start({ reading: (joules) => heard.push(joules), lost: () => heard.push("lost") });
  await vi.waitFor(() => expect(heard).toEqual([0, "lost"]));
  await clock.advance(30_000);
  await vi.waitFor(() => expect(heard).toEqual([0, "lost", 0, "lost"]));
  meter.stop();
  expect(clock.pendingTimers).toBe(0);
});

test("where there is none, none is looked for again", async () => {
  const clock = createFakeClock();
  const smi = createNvidiaSmi({ clock, log: createMemoryLog(), command: join(folder, "absent") });
  const lost = Promise.withResolvers<void>();
  smi.meter(0).start({ reading: () => undefined, lost: lost.resolve });
  await lost.promise;
  expect(clock.pendingTimers).toBe(0);
});
