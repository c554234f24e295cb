import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@stargate/kernel/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arm, request } from "../arms.fixture.ts";
import { createRouter } from "../create-router.ts";
import { createDecisionFile } from "./decision-file.ts";
import type { DecisionRecord } from "./decision-record.ts";

/** Records with ids test-0, test-1 ... */
function someRecords(count: number): readonly DecisionRecord[] {
  const records: DecisionRecord[] = [];
  const router = createRouter({
    clock: createFakeClock(),
    random: () => 0.5,
    instance: "test",
    onRecord: (record) => records.push(record),
  });
  for (let call = 0; call < count; call++) router.decide(request, [arm("cpu")]);
  router.close();
  return records;
}

describe("decisions on disk", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "stargate-decisions-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("are written in a fresh place, too", async () => {
    const file = createDecisionFile({ path: join(folder, "state", "compute", "decisions.jsonl") });
    const [record] = someRecords(1);
    file.add(record!);
    expect((await file.find(record!.id))?.id).toBe(record!.id);
  });

  test("are found by id, in older files too, and take no more room than allowed", async () => {
    const path = join(folder, "bounded.jsonl");
    const records = someRecords(60);
    const lineBytes = JSON.stringify(records[0]).length + 1;
    const file = createDecisionFile({ path, maxBytes: 10 * lineBytes, keptFiles: 2 });
    for (const record of records) {
      file.add(record);
      await file.flush();
    }
    const files = (await readdir(folder)).filter((name) => name.startsWith("bounded"));
    expect(files.toSorted()).toEqual(["bounded.jsonl", "bounded.jsonl.1", "bounded.jsonl.2"]);
    const sizes = await Promise.all(files.map(async (name) => (await readFile(join(folder, name))).length));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10 * lineBytes + 20);
    const last = records.at(-1) as DecisionRecord;
    const older = records.at(-15) as DecisionRecord;
    expect(await file.find(last.id)).toEqual(last);
    expect(await file.find(older.id)).toEqual(older);
    expect(await file.find("test-0")).toBeUndefined();
    expect(file.dropped).toBe(0);
  });

  test("are found behind a line that a crash has torn", async () => {
    const path = join(folder, "torn.jsonl");
    await writeFile(path, '{"version":1,"id":"torn-1","at":\n');
    const file = createDecisionFile({ path });
    const [record] = someRecords(1) as [DecisionRecord];
    file.add(record);
    expect(await file.find(record.id)).toEqual(record);
    expect(await file.find("torn-1")).toBeUndefined();
  });

  test("that cannot be written are counted, and stop nobody", async () => {
    const warnings: string[] = [];
    const quiet = () => undefined;
    const file = createDecisionFile({
      path: join(folder, "torn.jsonl", "decisions.jsonl"), // a file is no folder
      log: { debug: quiet, info: quiet, warn: (message) => warnings.push(message), error: quiet },
    });
    for (const record of someRecords(3)) file.add(record);
    await file.flush();
    expect(file.dropped).toBe(3);
    expect(warnings).toEqual(["Decisions could not be written"]);
  });
});
