import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryPageText } from "../../../../../test/support/arbitrary-page-text.ts";
import { packPage, unpackPage } from "./packed-page.ts";

test("a packed page is the page it was made from, also when it is cloned or written", () => {
  fc.assert(
    fc.property(arbitraryPageText, ({ pages }) => {
      for (const page of pages) {
        const packed = unpackPage(structuredClone(packPage(page)));
        expect(packed).toEqual(page);
        expect(structuredClone(packed)).toEqual(page);
        expect(JSON.parse(JSON.stringify(packed))).toEqual(JSON.parse(JSON.stringify(page)));
      }
    }),
    { numRuns: 50 },
  );
});

test("the blocks of a packed page are made once for whoever holds them", () => {
  const blocks = [{ kind: "text", box: [0, 0, 1, 1], lines: [] }] as const;
  const packed = unpackPage(packPage({ number: 1, blocks } as never));
  expect(packed.blocks).toBe(packed.blocks);
  expect(packed.blocks).toEqual(blocks);
});
