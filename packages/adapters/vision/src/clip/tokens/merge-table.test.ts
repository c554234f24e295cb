import fc from "fast-check";
import { expect, test } from "vitest";
import { createMergeTable, type Merge, mergedId, rankOf } from "./merge-table.ts";

const ids = fc.integer({ min: 0, max: 60 });

test("finds every merge of any set, the later of two of the same pieces, and no other", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(ids, ids), { maxLength: 200 }), fc.array(fc.tuple(ids, ids)), (pairs, others) => {
      const merges = pairs.map(([left, right], rank): Merge => ({ left, right, id: rank + 1000, rank }));
      const known = new Map(merges.map((merge) => [`${merge.left} ${merge.right}`, merge]));
      const table = createMergeTable(merges);
      for (const [left, right] of [...pairs, ...others]) {
        const merge = known.get(`${left} ${right}`);
        expect(rankOf(table, left, right)).toBe(merge?.rank ?? Infinity);
        expect(mergedId(table, left, right)).toBe(merge?.id ?? -1);
      }
    }),
  );
});

test("a piece without id is in no merge", () => {
  expect(rankOf(createMergeTable([{ left: 1, right: 2, id: 3, rank: 0 }]), -1, -1)).toBe(Infinity);
});

test("fifty thousand merges are found in a few steps", () => {
  const merges = Array.from({ length: 50_000 }, (_, rank): Merge => {
    return { left: rank % 9000, right: 700 + (rank % 311), id: rank + 512, rank };
  });
  const { places } = createMergeTable(merges);
  let longest = 0;
  let run = 0;
  for (let at = 3; at < places.length; at += 4) longest = Math.max(longest, (run = places[at] === -1 ? 0 : run + 1));
  expect(longest).toBeLessThan(100); // places in a row that are taken: what a search walks along at worst
});
