import type { Receipt } from "@stargate/kernel";
import { expect, test } from "vitest";
import { receiptSummary } from "./receipt-summary.ts";

const step = {
  id: "transcribe",
  uses: "audio.transcribe@1.0.0",
  rung: "pocketsphinx",
  invocations: 1,
  attempts: 4,
  failures: 3,
  ms: 20,
  cached: 0,
  coverage: [],
  facts: {},
};
const receipt = {
  ms: 21.4,
  steps: [step],
  coverage: [{ measure: "second", done: 6.590_937_5, of: 11, missing: [{ what: "6.59-11.00 s", reason: "cut" }] }],
  degradations: [
    { step: "transcribe", what: "whisper-tiny", reason: "no whisper-base" },
    { step: "transcribe", what: "pocketsphinx", reason: "no whisper-tiny" },
    { step: "transcribe", what: "speech is not looked for", reason: "no silero" },
  ],
  issues: [],
} as unknown as Receipt; // the fields that are read

test("says how complete the answer is, and of a ladder the rung that was used", () => {
  expect(receiptSummary(receipt)).toBe(
    [
      "6.59 of 11 seconds in 21 ms (audio.transcribe@1.0.0)",
      "  missing 6.59-11.00 s (second): cut",
      "  degraded: pocketsphinx (no whisper-tiny)",
      "  degraded: speech is not looked for (no silero)",
      "",
    ].join("\n"),
  );
});

test("leaves nothing out of what many invocations had to do without", () => {
  const many = { ...receipt, steps: [{ ...step, invocations: 2 }] };
  expect(receiptSummary(many).match(/degraded: /g)).toHaveLength(3);
});

test("shows the first of many gaps and issues", () => {
  const missing = Array.from({ length: 14 }, (_, page) => ({ what: `page ${page}`, reason: "cut" }));
  const issues = Array.from({ length: 12 }, (_, page) => ({ code: "SG_X", message: "gone", item: `page ${page}` }));
  const coverage = [{ measure: "page", done: 0, of: 14, missing }];
  const text = receiptSummary({ ...receipt, coverage, issues, degradations: [] } as unknown as Receipt); // as above
  expect(text.match(/^ {2}missing/gm)).toHaveLength(10);
  expect(text.match(/^ {2}issue/gm)).toHaveLength(10);
  expect(text.match(/^ {2}and \d+ more/gm)).toEqual(["  and 4 more", "  and 2 more"]);
});
