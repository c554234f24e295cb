import fc from "fast-check";
import { expect, test } from "vitest";
import { runIsolating, type Attempt } from "./run-isolating.ts";

/** Runs jobs 0..count-1, of which some fail every run they are in. */
async function isolate(count: number, bad: ReadonlySet<number>) {
  const tries: (readonly number[])[] = [];
  const answered: number[] = [];
  const failed: number[] = [];
  await runIsolating(
    Array.from({ length: count }, (_, index) => index),
    {
      attempt: async (jobs): Promise<Attempt> => {
        tries.push(jobs);
        if (jobs.some((job) => bad.has(job))) return { kind: "split", error: "bad" };
        answered.push(...jobs);
        return { kind: "done" };
      },
      fail: (job) => failed.push(job),
    },
  );
  return { tries, answered, failed };
}

test("one bad job is found in log2(jobs) + 1 tries, and every other one is answered", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 128 }), fc.nat(), async (count, pick) => {
      const bad = pick % count;
      const { tries, answered, failed } = await isolate(count, new Set([bad]));
      expect(failed).toEqual([bad]);
      expect(answered).toHaveLength(count - 1);
      const triesOfTheBadOne = tries.filter((jobs) => jobs.includes(bad)).length;
      expect(triesOfTheBadOne).toBeLessThanOrEqual(Math.ceil(Math.log2(count)) + 1);
    }),
  );
});

test("each job is answered or failed exactly once, however many are bad", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 64 }), fc.uniqueArray(fc.nat(63)), async (count, picks) => {
      const bad = new Set(picks.filter((pick) => pick < count));
      const { answered, failed } = await isolate(count, bad);
      expect(new Set(failed)).toEqual(bad);
      expect([...answered, ...failed].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    }),
  );
});
