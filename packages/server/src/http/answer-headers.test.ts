import type { Receipt } from "@stargate/kernel";
import { expect, test } from "vitest";
import { receiptHeaders } from "./answer-headers.ts";

const receipt: Receipt = {
  stargate: 1,
  id: "r1",
  tenant: "t",
  pipeline: null,
  planHash: "sha256:0",
  startedAt: "2026-01-01T00:00:00Z",
  ms: 12.3456,
  input: {},
  output: { modality: "text" },
  steps: [
    {
      id: "read/ocr",
      uses: "ocr.read@1.0.0",
      invocations: 1,
      attempts: 1,
      failures: 0,
      ms: 10.001,
      cached: 0,
      coverage: [],
      facts: {},
    },
  ],
  coverage: [
    { measure: "page", done: 698, of: 700 },
    { measure: "second", done: 3.5, of: null },
  ],
  degradations: [{ step: "read/ocr", what: 'Übersetzung "schnell"\r\nX-Evil: 1', reason: "slow" }],
  issues: [],
  meter: [],
};

test("a receipt in short", () => {
  expect(receiptHeaders(receipt)).toEqual({
    "stargate-receipt": "r1",
    "stargate-coverage": "page=698/700, second=3.5/?",
    "stargate-degraded": String.raw`"?bersetzung \"schnell\"??X-Evil: 1";step="read/ocr"`,
    "server-timing": 'total;dur=12.35, read_ocr;dur=10;desc="ocr.read@1.0.0"',
  });
});
