import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { estimateTokens, firstTokens } from "./estimate-tokens.ts";
import { groupNotes } from "./join-notes.ts";
import { partsOf, textLines, transcriptLines } from "./source-line.ts";
import { checkStamps, stampOf } from "./time-stamps.ts";

describe("tokens", () => {
  test("are bytes of UTF-8, three each", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(estimateTokens(text)).toBe(Math.ceil(Buffer.byteLength(text) / 3));
      }),
    );
  });

  test("are cut off between characters, and as late as they may be", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.nat(20), (text, most) => {
        const first = firstTokens(text, most);
        expect(text.startsWith(first)).toBe(true);
        expect(estimateTokens(first)).toBeLessThanOrEqual(most);
        expect(first.isWellFormed() || !text.isWellFormed()).toBe(true);
        const next = String.fromCodePoint(text.codePointAt(first.length) ?? 0);
        expect(first === text || estimateTokens(first + next) > most).toBe(true);
      }),
    );
  });
});

describe("parts", () => {
  const segments = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.string({ maxLength: 200 })), {
    maxLength: 20,
  });

  test("of a transcript are all of it, from the first second to the last, and none too long", () => {
    fc.assert(
      fc.property(segments, fc.integer({ min: 20, max: 100 }), (spoken, most) => {
        let at = 0;
        const made = spoken.map(([gap, text]) => ({ startSeconds: (at += gap), endSeconds: at + 1, text }));
        const transcript = {
          text: "",
          language: "en",
          task: "transcribe",
          durationSeconds: at + 1,
          segments: made,
          recogniser: { name: "test", quality: 1 },
        } as const;
        const lines = transcriptLines(transcript);
        const parts = partsOf(lines, most);
        const all = parts.flat();
        expect(all.map(({ text }) => text).join("")).toBe(lines.map(({ text }) => text).join(""));
        let end = 0;
        for (const { from, to } of all) {
          expect(from).toBe(end);
          end = to;
        }
        expect(all.length === 0 || end === transcript.durationSeconds).toBe(true);
        for (const part of parts)
          expect(part.reduce((sum, { text }) => sum + estimateTokens(`${text}\n`), 0)).toBeLessThanOrEqual(most);
      }),
    );
  });

  test("of a text are all of its characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "\n", "\r\n", "é"), maxLength: 60 }), (text) => {
        const lines = textLines(text);
        expect(lines.map(({ from, to }) => text.slice(from, to)).join("")).toBe(text);
        expect(lines.at(-1)?.to ?? 0).toBe(text.length);
      }),
    );
  });

  test("of notes hold two at least, when each has half the room", () => {
    const notes = fc.array(
      fc.string({ maxLength: 100 }).filter((one) => estimateTokens(one) <= 38),
      { minLength: 2 },
    );
    fc.assert(
      fc.property(notes, (given) => {
        const groups = groupNotes(given, 80);
        expect(groups.length).toBeLessThanOrEqual(Math.ceil(given.length / 2));
        expect(groups.join("\n\n")).toBe(given.join("\n\n"));
      }),
    );
  });
});

describe("time stamps", () => {
  const known = new Set(["[00:00:05]", "[00:12:34]", "[01:02:03]", "[100:00:00]"]);

  test("are hours, minutes and seconds", () => {
    expect([0, 5.99, 754, 3723, 360_000].map(stampOf)).toEqual([
      "[00:00:00]",
      "[00:00:05]",
      "[00:12:34]",
      "[01:02:03]",
      "[100:00:00]",
    ]);
  });

  test.for([
    ["Ada sends it [00:12:34].", "Ada sends it [00:12:34].", 1, []],
    ["Ada sends it [00:12:35].", "Ada sends it.", 0, ["[00:12:35]"]],
    ["- [ ] Ada: send it (00:12:34)\n", "- [ ] Ada: send it [00:12:34]\n", 1, []],
    ["so [12:34], and [0:00:05]", "so [00:12:34], and [00:00:05]", 2, []],
    ["so [00:00:05, 00:00:06; 01:02:03] it is", "so [00:00:05] [01:02:03] it is", 2, ["[00:00:06]"]],
    ["from [00:00:05-00:12:34] on", "from [00:00:05] [00:12:34] on", 2, []],
    ["They meet on Friday (15:30) at 16:00:00.", "They meet on Friday (15:30) at 16:00:00.", 0, []],
    ["[x] [1:2] [] [00:12:34:56]", "[x] [1:2] [] [00:12:34:56]", 0, []],
  ] as const)("%j", ([text, expected, kept, invented]) => {
    expect(checkStamps(text, known)).toEqual({ text: expected, kept, invented });
  });

  test("that are not known never stay", () => {
    const stamp = fc.nat(4000).map(stampOf);
    const part = fc.oneof(stamp, fc.string({ maxLength: 5 }), fc.constantFrom(" ", "\n", "(", ")"));
    fc.assert(
      fc.property(fc.array(part), fc.array(stamp), (parts, real) => {
        const { text } = checkStamps(parts.join(""), new Set(real));
        for (const [found] of text.matchAll(/\[\d\d:\d\d:\d\d\]/g)) expect(real).toContain(found);
      }),
    );
  });
});
