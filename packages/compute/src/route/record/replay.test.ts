import { createFakeClock, seededRandom } from "@stargate/kernel/testing";
import { describe, expect, test } from "vitest";
import { arm, request, telemetry } from "../arms.fixture.ts";
import { createRouter } from "../create-router.ts";
import { type DecisionRecord, decisionRecordSchema } from "./decision-record.ts";
import { explainDecision } from "./explain-decision.ts";
import { replayDecision } from "./replay-decision.ts";

const SEED = 20_261_121;

/** Records of many decisions of a router that learns meanwhile, as they come back from a file. */
function recorded(count: number): readonly DecisionRecord[] {
  const random = seededRandom(SEED);
  const clock = createFakeClock();
  const records: DecisionRecord[] = [];
  const router = createRouter({
    clock,
    random: () => random.next(),
    exploration: 0.2,
    onRecord: (record) => records.push(decisionRecordSchema.parse(JSON.parse(JSON.stringify(record)))),
  });
  for (let call = 0; call < count; call++) {
    const arms = ["a", "b", "c"].flatMap((pool) =>
      ["fp32", "int8"].map((variant) =>
        arm(pool, {
          variant,
          quality: variant === "fp32" ? 1 : 0.97,
          cold: random.chance(0.1),
          ...(random.chance(0.2) && { blocked: { kind: "ejected" as const, detail: "it computes wrongly" } }),
        }),
      ),
    );
    router.report(
      random.pick(["a", "b", "c"]),
      telemetry(call, { busySlots: random.integer(0, 4), backlogMs: 100 * random.next() }),
    );
    const remainingMs = random.chance(0.2) ? Number.POSITIVE_INFINITY : 200 * random.next() ** 2;
    const { id } = router.decide({ ...request, remainingMs, items: 1 + 10 * random.next() }, arms);
    router.observe({
      decision: id,
      result: random.chance(0.1) ? "failed" : "ok",
      queueMs: 3,
      serviceMs: 40 * random.next(),
    });
    if (call % 10 === 0) router.fold();
  }
  router.close();
  return records;
}

describe("a recorded decision", () => {
  const records = recorded(500);

  test("of every kind is among the records", () => {
    expect(records).toHaveLength(500);
    expect(records.filter(({ explored }) => explored).length).toBeGreaterThan(5);
    expect(records.filter(({ choice }) => choice === null).length).toBeGreaterThan(5);
    expect(records.filter(({ terms }) => terms.remainingMs === null).length).toBeGreaterThan(5);
  });

  test("is made again from its JSON, bit by bit", () => {
    expect(records.flatMap((record) => replayDecision(record).differences)).toEqual([]);
    for (const record of records)
      expect(replayDecision(record).arm).toBe(record.choice === null ? null : record.arms[record.choice]?.arm);
  });

  test("that was changed by one bit is told", () => {
    const record = records.find(({ choice }) => choice !== null) as DecisionRecord;
    const changed = structuredClone(record) as { arms: { features: { waitMs: number } | null }[] };
    const known = changed.arms.find(({ features }) => features !== null)?.features as { waitMs: number };
    known.waitMs += 1e-9 + 1e-12 * known.waitMs;
    expect(replayDecision(changed as unknown as DecisionRecord).differences).not.toEqual([]);
  });

  test("is told in words, every arm with its reason", () => {
    const record = records.find(
      ({ choice, arms }) => choice !== null && arms.some(({ refused }) => refused !== null),
    ) as DecisionRecord;
    const lines = explainDecision(record);
    expect(lines[1]).toMatch(/^Asked: image, .* items, .*, normal, for tenant "clinic"$/);
    expect(lines.filter((line) => line.startsWith("Chosen: "))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith("Not "))).toHaveLength(record.arms.length - 1);
    expect(lines.some((line) => line.endsWith("it computes wrongly"))).toBe(true);
    expect(lines.at(-1)).toBe("Replayed from the record: the same, bit by bit");
  });

  test("that was a refusal says why", () => {
    const record = records.find(({ choice }) => choice === null) as DecisionRecord;
    expect(explainDecision(record).join("\n")).toMatch(/Refused \(SG_(COMPUTE|RUN)_[A-Z]+\): .{20}/);
  });
});
