import { fail } from "@stargate/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { poolKit } from "../../test/pool-kit.ts";

/** Input values with a meaning: the model fails on it; its host ends over it, once in a while. */
const BAD = 666;

const call = fc.record({
  afterMs: fc.nat(30),
  rows: fc.array(fc.oneof({ weight: 12, arbitrary: fc.integer({ min: 0, max: 99 }) }, fc.constant(BAD)), {
    minLength: 1,
    maxLength: 4,
  }),
  model: fc.constantFrom("a", "a", "a", "b"),
  criticality: fc.constantFrom("critical" as const, "normal" as const, "sheddable" as const),
  deadlineAfterMs: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
  abortAfterMs: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined, freq: 6 }),
  killsAHost: fc.oneof({ weight: 30, arbitrary: fc.constant(false) }, fc.constant(true)),
});

const world = fc.record({
  calls: fc.array(call, { minLength: 1, maxLength: 60 }),
  slots: fc.integer({ min: 1, max: 3 }),
  maxItems: fc.integer({ min: 1, max: 16 }),
  fittingItems: fc.integer({ min: 4, max: 20 }),
  startMs: fc.nat(100),
  loadMs: fc.nat(50),
  maxJobs: fc.integer({ min: 5, max: 100 }),
  keepAliveMs: fc.constantFrom(0, 20, Infinity),
  maxRunsPerHost: fc.constantFrom(5, Infinity),
});

test("every call is answered exactly once, as it would be alone, or told why not; nothing is left behind", async () => {
  await fc.assert(
    fc.asyncProperty(world, async (given) => {
      const kit = poolKit(
        {
          slots: given.slots,
          batch: { maxItems: given.maxItems },
          queue: { maxJobs: given.maxJobs, agingMs: 200 },
          keepAliveMs: () => given.keepAliveMs,
          maxRunsPerHost: given.maxRunsPerHost,
          memory: { hostBytes: 150 },
        },
        {
          startMs: given.startMs,
          loadMs: given.loadMs,
          onRun: ({ values }) => {
            if (values.length / 2 > given.fittingItems) throw fail("SG_COMPUTE_MEMORY", "No memory");
            if (values.includes(BAD)) throw fail("SG_RUN_FAILED", "Bad input");
            return undefined;
          },
        },
      );
      let answers = 0;
      const done = given.calls.map(() => undefined as number[] | string | undefined);
      for (const [index, one] of given.calls.entries()) {
        await kit.clock.advance(one.afterMs);
        const abort = new AbortController();
        const values = one.rows.flatMap((value) => [value, index]);
        const deadlineMs = kit.clock.nowMs() + (one.deadlineAfterMs ?? Infinity);
        const { model, criticality } = one;
        void kit.outcome(values, { model, criticality, deadlineMs, signal: abort.signal }).then((outcome) => {
          answers += 1;
          done[index] = outcome;
        });
        if (one.abortAfterMs !== undefined) kit.clock.timer(one.abortAfterMs, () => abort.abort());
        if (one.killsAHost) kit.hosts.hosts.at(-1)?.kill();
      }
      await kit.clock.advance(60_000);
      expect(answers).toBe(given.calls.length);
      const isKilling = given.calls.some(({ killsAHost }) => killsAHost);
      for (const [index, one] of given.calls.entries()) {
        const allowed: unknown[] = [];
        if (one.rows.includes(BAD)) allowed.push("SG_RUN_FAILED");
        else allowed.push(one.rows.flatMap((value) => [2 * value, 2 * index]));
        if (one.deadlineAfterMs !== undefined) allowed.push("SG_RUN_DEADLINE", "SG_COMPUTE_OVERLOADED");
        if (given.calls.length >= given.maxJobs) allowed.push("SG_COMPUTE_OVERLOADED");
        if (one.abortAfterMs !== undefined) allowed.push("SG_RUN_CANCELLED");
        if (isKilling) allowed.push("SG_COMPUTE_HOST_LOST");
        expect(allowed).toContainEqual(done[index]);
      }
      expect(kit.pool.telemetry()).toMatchObject({ queuedJobs: 0, busySlots: 0, backlogMs: 0 });
      await kit.pool.close();
      expect(kit.hosts.hosts.every(({ isClosed }) => isClosed)).toBe(true);
      expect(kit.clock.pendingTimers).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test("whatever keeps coming, nothing waits much longer than the aging says", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("critical" as const, "normal" as const, "sheddable" as const), {
        minLength: 100,
        maxLength: 100,
      }),
      async (criticalities) => {
        // Served in 11 ms, arriving every 10: the queue grows slowly and never empties.
        const kit = poolKit({ batch: { maxItems: 1 }, queue: { agingMs: 50, maxJobs: 1000 } });
        const waitsMs: number[] = [];
        for (const [index, criticality] of criticalities.entries()) {
          const arrivedMs = kit.clock.nowMs();
          void kit.submit([index, 0], { criticality }).then(() => waitsMs.push(kit.clock.nowMs() - arrivedMs));
          await kit.clock.advance(10);
        }
        await kit.clock.advance(2000);
        expect(waitsMs).toHaveLength(100);
        expect(Math.max(...waitsMs)).toBeLessThan(3 * 50 + 100 + 50);
      },
    ),
    { numRuns: 10 },
  );
});
