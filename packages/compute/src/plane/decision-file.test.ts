import { appendFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "@stargate/kernel";
import { createFakeClock } from "@stargate/kernel/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRouter } from "../route/create-router.ts";
import type { DecisionRecord } from "../route/record/decision-record.ts";
import type { Arm } from "../route/types/arm.ts";
import { createDecisionFile } from "./decision-file.ts";

const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const arm: Arm = {
  id: "cpu/m/v",
  model: "m",
  variant: "v",
  pool: "cpu",
  backend: "onnx",
  device: "cpu",
  deviceKind: "cpu",
  tags: [],
  quality: 1,
  price: { usdPerHour: 1 },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-decisions-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Real records, made by a real router. */
function records(count: number): readonly DecisionRecord[] {
  const made: DecisionRecord[] = [];
  const router = createRouter({
    clock: createFakeClock(),
    random: () => 0.5,
    onRecord: (record) => void made.push(record),
  });
  for (let index = 0; index < count; index++)
    router.decide({ bucket: "b", items: 1, remainingMs: Infinity, tenant: "t" }, [arm]);
  router.fold();
  return made;
}

test("decisions are found again by their ids, whole, also after a restart", async () => {
  const path = join(folder, "deep", "decisions.jsonl");
  const file = createDecisionFile({ path, log });
  const [first, second, third] = records(3);
  for (const record of [first, second, third]) if (record !== undefined) file.append(record);
  await file.close();
  const again = createDecisionFile({ path, log });
  const found = await again.find(new Set([first?.id ?? "", third?.id ?? "", "unknown"]));
  expect(found).toEqual([first, third]);
});

test("two generations are kept, and no more than that", async () => {
  const path = join(folder, "decisions.jsonl");
  const file = createDecisionFile({ path, log, maxBytes: 2000 });
  const all = records(40);
  for (const record of all) {
    file.append(record);
    await file.close();
  }
  expect((await readdir(folder)).toSorted()).toEqual(["decisions.jsonl", "decisions.jsonl.1"]);
  expect(await file.find(new Set([all.at(-1)?.id ?? ""]))).toHaveLength(1);
  expect(await file.find(new Set([all[0]?.id ?? ""]))).toHaveLength(0);
});

test("a line that a crash has cut off does not count", async () => {
  const path = join(folder, "decisions.jsonl");
  const file = createDecisionFile({ path, log });
  const [only] = records(1);
  await appendFile(path, JSON.stringify(only).slice(0, 200));
  expect(await file.find(new Set([only?.id ?? ""]))).toEqual([]);
});
