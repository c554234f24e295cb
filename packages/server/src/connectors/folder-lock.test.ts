import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockFolder } from "./folder-lock.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("gives a folder to one at a time", async () => {
  const first = await lockFolder(folder);
  const [name] = await readdir(folder);
  await expect(lockFolder(folder)).rejects.toMatchObject({
    code: "SG_CONNECTOR_LOCKED",
    message: expect.stringContaining(`process ${process.pid}`) as string,
    hint: expect.stringContaining(join(folder, name!)) as string,
  });
  await first.release();
  await (await lockFolder(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

it("never gives it to two that ask at the same time, and keeps it free for the next", async () => {
  for (let round = 0; round < 20; round += 1) {
    const asked = await Promise.allSettled(Array.from({ length: 5 }, () => lockFolder(folder)));
    const given = asked.filter((one) => one.status === "fulfilled");
    expect(given.length).toBeLessThanOrEqual(1);
    for (const { value } of given) await value.release();
    await (await lockFolder(folder)).release();
  }
});

it.each([
  ["a process that has died", () => spawnSync(process.execPath, ["--eval", ""]).pid],
  ["an earlier process with this one's id", () => process.pid],
])("takes over from %s", async (_name, pid) => {
  await writeFile(join(folder, `lock,${encodeURIComponent(hostname())},${pid()},1,00`), "");
  const lock = await lockFolder(folder);
  expect(await readdir(folder)).toHaveLength(1);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
});

it("does not take over from another machine, whose processes it cannot see", async () => {
  await writeFile(join(folder, "lock,else%2Cwhere,1,1,00"), "");
  await expect(lockFolder(folder)).rejects.toMatchObject({
    message: expect.stringContaining("on else,where") as string,
  });
  expect(await readdir(folder)).toEqual(["lock,else%2Cwhere,1,1,00"]);
});

it("minds no other files", async () => {
  await writeFile(join(folder, "lock"), "");
  await (await lockFolder(folder)).release();
  expect(await readdir(folder)).toEqual(["lock"]);
});
