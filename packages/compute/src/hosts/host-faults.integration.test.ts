import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { createMemoryLog, floats, live, load, testFactory } from "../../test/host-kit.ts";
import { openTestHost } from "../../test/open-test-host.ts";

const MEBIBYTE = 2 ** 20;
const lost = (reason: string) => ({ code: "SG_COMPUTE_HOST_LOST", retryable: true, details: { reason } });

/** Whether there is such a process; one that has ended and was not waited for by its parent does not count. */
function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return !/\) Z /.test(readFileSync(`/proc/${processId}/stat`, "utf8"));
  } catch {
    return false;
  }
}

async function untilGone(processIds: readonly number[]): Promise<void> {
  await expect.poll(() => processIds.filter(isAlive), { timeout: 20_000, interval: 20 }).toEqual([]);
}

describe("a process host", () => {
  test("that is killed during a run rejects what it was asked, and says so", async () => {
    const host = await openTestHost();
    const model = await load(host, { run: "compute", ms: 60_000 });
    const runs = [1, 2].map((value) => model.run({ x: floats(value) }, { signal: live }));
    process.kill(host.processId ?? 0, "SIGKILL");
    for (const outcome of await Promise.allSettled(runs))
      expect(outcome).toMatchObject({ status: "rejected", reason: lost("killed") });
    expect(await host.lost).toMatchObject({ message: `Model host ${host.id} was ended by SIGKILL` });
    await expect(load(host)).rejects.toMatchObject(lost("killed"));
    await model.unload();
    await host.close();
  });

  test("that crashes inside a run is one lost host, not a dead gateway", async () => {
    const host = await openTestHost();
    const model = await load(host, { run: "crash" });
    await expect(model.run({ x: floats(1) }, { signal: live })).rejects.toMatchObject(lost("killed"));
  });

  test("that crashes when it starts says what it printed last", async () => {
    await expect(openTestHost({ factory: testFactory({ start: "crash" }) })).rejects.toMatchObject({
      ...lost("exited"),
      message: expect.stringContaining("ended with exit code 7"),
      cause: "engine: cannot find libengine.so",
    });
  });

  test("that is stopped is noticed, rejected and killed, whether it computes or not", async () => {
    const [idle, busy] = await Promise.all([openTestHost(), openTestHost()]);
    const model = await load(busy, { run: "compute", ms: 60_000 });
    const run = model.run({ x: floats(1) }, { signal: live });
    run.catch(() => undefined);
    for (const { processId = 0 } of [idle, busy]) process.kill(processId, "SIGSTOP");
    expect(await idle.lost).toMatchObject(lost("hung"));
    expect(await busy.lost).toMatchObject(lost("hung"));
    await expect(run).rejects.toMatchObject(lost("hung"));
    await untilGone([idle.processId ?? 0, busy.processId ?? 0]);
  });

  test("that computes for long is not taken for hung", async () => {
    const host = await openTestHost();
    const model = await load(host, { run: "compute", ms: 2500 });
    const { runMs } = await model.run({ x: floats(1) }, { signal: live });
    expect(runMs).toBeGreaterThan(2000);
  });

  test("ignores the signals of a terminal and of a service manager", async () => {
    const host = await openTestHost();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.kill(host.processId ?? 0, signal);
    const model = await load(host);
    expect(await model.run({ x: floats(1) }, { signal: live })).toBeDefined();
  });

  test("that grows over its ceiling retires, and serves on meanwhile", async () => {
    const host = await openTestHost({ memoryCeilingBytes: 400 * MEBIBYTE });
    const model = await load(host, { run: "hoard", bytes: 350 * MEBIBYTE });
    await model.run({ x: floats(1) }, { signal: live });
    const { reason, memoryBytes } = await host.retirement;
    expect(reason).toBe("memory");
    expect(memoryBytes).toBeGreaterThan(400 * MEBIBYTE);
    expect(host.memoryBytes).toBeGreaterThan(400 * MEBIBYTE);
    expect(await load(await openTestHost())).toBeDefined();
    await host.close();
    expect(await host.lost).toMatchObject(lost("closed"));
  });

  test("that grows far over its ceiling is killed during the run, for want of memory", async () => {
    const host = await openTestHost({ memoryCeilingBytes: 200 * MEBIBYTE });
    const [greedy, slow] = await Promise.all([
      load(host, { run: "hoard", bytes: 400 * MEBIBYTE }),
      load(host, { run: "compute", ms: 60_000 }),
    ]);
    const runs = [greedy, slow].map((model) => model.run({ x: floats(1) }, { signal: live }));
    const [, outcome] = await Promise.allSettled(runs);
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "SG_COMPUTE_MEMORY", retryable: true } });
    expect(await host.lost).toMatchObject(lost("memory"));
    await untilGone([host.processId ?? 0]);
  });

  test("a model that does not fit under the ceiling is refused", async () => {
    const host = await openTestHost({ memoryCeilingBytes: 300 * MEBIBYTE });
    await expect(load(host, { load: "hoard", bytes: 290 * MEBIBYTE })).rejects.toMatchObject({
      code: "SG_COMPUTE_MEMORY",
    });
    expect(await host.retirement).toMatchObject({ ceilingBytes: 300 * MEBIBYTE });
  });

  test("that says something unreadable is given up", async () => {
    const log = createMemoryLog();
    const host = await openTestHost({ log });
    const model = await load(host, { run: "garble" });
    await expect(model.run({ x: floats(1) }, { signal: live })).rejects.toMatchObject(lost("broken"));
    await untilGone([host.processId ?? 0]);
  });

  test("lets its program end when nobody waits for it", async () => {
    const gateway = startGateway("leaves");
    const [code] = (await once(gateway, "exit")) as [number | null];
    expect(code).toBe(0);
  });

  test("ends with its gateway, however that ends and whatever the host is doing", async () => {
    const gateway = startGateway("stays");
    const lines = createInterface({ input: gateway.stdout });
    const processIds: number[] = [];
    for await (const line of lines) {
      if (line === "computing") break;
      processIds.push(Number(line));
    }
    expect(processIds).toHaveLength(3);
    expect(processIds.filter(isAlive)).toEqual(processIds);
    gateway.kill("SIGKILL");
    await untilGone(processIds);
  });
});

function startGateway(mode: "leaves" | "stays") {
  const program = fileURLToPath(new URL("../../test/small-gateway.ts", import.meta.url));
  const gateway = spawn(process.execPath, [...process.execArgv, program, mode], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void gateway.kill("SIGKILL"));
  return gateway;
}

test("the gateway's memory stays flat while models come and go", async () => {
  const host = await openTestHost();
  const cycle = async (times: number): Promise<void> => {
    for (let index = 0; index < times; index++) {
      const model = await load(host);
      await model.run({ x: floats(index) }, { signal: live });
      await model.unload();
    }
  };
  await cycle(100);
  const before = process.memoryUsage.rss();
  await cycle(300);
  expect(process.memoryUsage.rss() - before).toBeLessThan(32 * MEBIBYTE);
});

test("many hosts work side by side and leave nothing behind", async () => {
  const hosts = await Promise.all(Array.from({ length: 8 }, () => openTestHost()));
  const processIds = hosts.map(({ processId = 0 }) => processId);
  expect(new Set(processIds).size).toBe(8);
  const answers = await Promise.all(
    hosts.map(async (host, index) => (await load(host)).run({ x: floats(index) }, { signal: live })),
  );
  expect(answers.map(({ outputs }) => outputs["y"]?.data)).toEqual(hosts.map((_, index) => Float32Array.of(index)));
  await Promise.all(hosts.map((host) => host.close()));
  expect(processIds.filter(isAlive)).toEqual([]);
});
