import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json, JsonObject, Log } from "@stargate/kernel";
import { createFakeClock } from "@stargate/kernel/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openRouterState } from "./router-state.ts";

let folder: string;
const warnings: (JsonObject | undefined)[] = [];
const log: Log = { debug() {}, info() {}, warn: (_message, fields) => void warnings.push(fields), error() {} };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-router-"));
  warnings.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (clock = createFakeClock()) => openRouterState({ path: join(folder, "deep", "router.json"), clock, log });

test("what was learned is there in the next life", async () => {
  const first = await open();
  expect(first.loaded).toBeUndefined();
  first.keep({ state: (): Json => ({ learned: 1 }) });
  await first.close();
  expect((await open()).loaded).toEqual({ learned: 1 });
  expect(await readdir(join(folder, "deep"))).toEqual(["router.json"]);
});

test("it is written down every half minute, so that a crash costs little", async () => {
  const clock = createFakeClock();
  const state = await open(clock);
  let calls = 0;
  state.keep({ state: (): Json => ++calls });
  await clock.advance(65_000);
  expect(calls).toBe(2);
  await state.close();
});

test("a damaged file is a fresh start with a warning", async () => {
  await (await open()).close();
  const path = join(folder, "router.json");
  await writeFile(path, "{ half");
  const { loaded } = await openRouterState({ path, clock: createFakeClock(), log });
  expect(loaded).toBeUndefined();
  expect(warnings).toEqual([expect.objectContaining({ path })]);
});

test("a place that cannot be written to is told and breaks nothing", async () => {
  const path = join(folder, "file");
  await writeFile(path, "");
  const state = await openRouterState({ path: join(path, "router.json"), clock: createFakeClock(), log });
  warnings.length = 0;
  state.keep({ state: () => null });
  await state.close();
  expect(warnings).toHaveLength(1);
});
