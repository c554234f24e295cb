import { seededRandom } from "@stargate/kernel/testing";
import { describe, expect, test } from "vitest";
import {
  firstCell,
  learnService,
  learnUsual,
  noDrift,
  predictService,
  type PoolDrift,
  type ServiceCell,
} from "./service-time.ts";

interface Known {
  readonly cell: ServiceCell;
  readonly pool: PoolDrift;
}

const fresh = (priorMs?: number): Known => ({ cell: firstCell(priorMs, undefined, 0), pool: noDrift(0) });

/** Learns calls one second apart, from `fromMs` on; `censored`: each was given up. */
function learn(
  known: Known,
  calls: readonly number[],
  more: { items?: number; fromMs?: number; censored?: boolean } = {},
): Known {
  const { items = 1, fromMs = 0, censored = false } = more;
  return calls.reduce<Known>(
    ({ cell, pool }, serviceMs, index) =>
      learnService(cell, pool, { items, serviceMs, censored, atMs: fromMs + index * 1000 }),
    known,
  );
}

const median = ({ cell, pool }: Known, items = 1, nowMs = 0) => Math.exp(predictService(cell, pool, items, nowMs).mean);
const times = (count: number, ms: number) => Array.from({ length: count }, () => ms);

describe("service time", () => {
  test("is what was declared before anything is seen, and wide open when nothing was", () => {
    expect(median(fresh(30))).toBeCloseTo(30);
    const { cell, pool } = fresh();
    expect(predictService(cell, pool, 1, 0).ignorance).toBeGreaterThan(
      predictService(fresh(30).cell, pool, 1, 0).ignorance,
    );
  });

  test("is learned from few calls, however wrong the prior was", () => {
    expect(median(learn(fresh(100), times(5, 25)))).toBeGreaterThan(22);
    expect(median(learn(fresh(100), times(5, 25)))).toBeLessThan(32);
    expect(median(learn(fresh(), times(5, 2000)))).toBeGreaterThan(1500);
  });

  test("has the spread of the calls", () => {
    const random = seededRandom(3);
    const noisy = Array.from(
      { length: 400 },
      () => 50 * Math.exp(0.3 * (random.next() + random.next() + random.next() + random.next() - 2) * Math.sqrt(3)),
    );
    const { cell, pool } = learn(fresh(50), noisy);
    expect(Math.sqrt(predictService(cell, pool, 1, 0).noise)).toBeGreaterThan(0.22);
    expect(Math.sqrt(predictService(cell, pool, 1, 0).noise)).toBeLessThan(0.4);
  });

  test("grows with the items as it was seen to", () => {
    let known = fresh(10);
    for (let round = 0; round < 40; round++) {
      known = learn(known, [10], { items: 1, fromMs: round * 3000 });
      known = learn(known, [10 * Math.sqrt(16)], { items: 16, fromMs: round * 3000 + 1000 });
    }
    expect(median(known, 64, 120_000)).toBeGreaterThan(60);
    expect(median(known, 64, 120_000)).toBeLessThan(110);
  });

  test("follows a tenfold slow-down within five calls, and back", () => {
    const before = learn(fresh(20), times(200, 20));
    const slow = learn(before, times(5, 200), { fromMs: 200_000 });
    expect(median(slow)).toBeGreaterThan(150);
    const again = learn(slow, times(5, 20), { fromMs: 205_000 });
    expect(median(again)).toBeLessThan(30);
  });

  test("hardly moves for one odd call", () => {
    const before = learn(fresh(20), times(200, 20));
    expect(median(learn(before, [2000], { fromMs: 200_000 }))).toBeLessThan(24);
  });

  test("of other arms on the pool follows when the whole pool slows down", () => {
    let pool = learn(fresh(20), times(50, 20)).pool;
    let used = learn(fresh(20), times(50, 20)).cell;
    const unused = learn(fresh(80), times(50, 80)).cell;
    for (let call = 0; call < 8; call++) {
      ({ cell: used, pool } = learnService(used, pool, {
        items: 1,
        serviceMs: 100,
        censored: false,
        atMs: 50_000 + call * 50,
      }));
    }
    expect(median({ cell: unused, pool })).toBeGreaterThan(200);
  });

  test("is longer than the time after which calls were given up", () => {
    const before = learn(fresh(20), times(100, 20));
    const after = learn(before, times(8, 200), { fromMs: 100_000, censored: true });
    expect(median(after)).toBeGreaterThan(200);
  });

  test("says nothing about calls given up on at once", () => {
    const before = learn(fresh(20), times(100, 20));
    expect(learn(before, [1], { fromMs: 100_000, censored: true })).toEqual(before);
  });

  test("in a bucket nobody has seen is what is usual for the arm, unless somebody declared it", () => {
    const seen = learn(fresh(), times(50, 700)).cell;
    const usual = learnUsual(learnUsual(undefined, seen), seen);
    const pool = noDrift(0);
    expect(median({ cell: firstCell(undefined, usual, 0), pool })).toBeGreaterThan(500);
    expect(median({ cell: firstCell(30, usual, 0), pool })).toBeCloseTo(30);
  });

  test("is less certain the longer nobody has looked", () => {
    const { cell, pool } = learn(fresh(20), times(100, 20));
    const after = (ms: number) => predictService(cell, pool, 1, 99_000 + ms).ignorance;
    expect(after(60_000)).toBeGreaterThan(after(1000));
    expect(after(3_600_000)).toBeGreaterThan(after(60_000));
    expect(after(1e12)).toBeLessThan(1);
  });
});
