import type { RunEvent } from "@stargate/kernel";
import { expect, test } from "vitest";
import { createProgress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

function watch(errIsTty: boolean) {
  const written: string[] = [];
  const terminal = { err: (text: string) => void written.push(text), errIsTty } as unknown as Terminal; // all that progress uses
  let nowMs = 0;
  const progress = createProgress(terminal, () => nowMs);
  return { written, progress, wait: (ms: number) => (nowMs += ms) };
}
const page = (done: number, of: number | null = 500): RunEvent => ({
  type: "progress",
  step: "read",
  done,
  of,
  measure: "page",
});

test("without a terminal there is a plain line at every tenth", () => {
  const { written, progress } = watch(false);
  for (let done = 0; done <= 500; done++) progress.onEvent(page(done));
  progress.end();
  expect(written).toHaveLength(10);
  expect(written.slice(0, 2)).toEqual(["read: 50/500 pages\n", "read: 100/500 pages\n"]);
});

test("in a terminal short work shows nothing", () => {
  const { written, progress, wait } = watch(true);
  progress.onEvent(page(1, 1));
  wait(100);
  progress.onEvent(page(1, 2));
  progress.end();
  expect(written).toEqual([]);
});

test("in a terminal long work redraws one line and clears it", () => {
  const { written, progress, wait } = watch(true);
  wait(400);
  progress.onEvent(page(250));
  wait(10);
  progress.onEvent(page(251));
  wait(100);
  progress.onEvent(page(500));
  progress.end();
  expect(written).toEqual([
    `\r\u001B[2Kread ${"█".repeat(14)}${"░".repeat(14)} 250/500 pages`,
    `\r\u001B[2Kread ${"█".repeat(28)} 500/500 pages`,
    "\r\u001B[2K",
  ]);
});

test("seconds of a recording read like a clock, and the decoder's length is the transcriber's, too", () => {
  const { written, progress, wait } = watch(true);
  wait(400);
  const second = (step: string, done: number, of: number | null): RunEvent => ({
    type: "progress",
    step,
    done,
    of,
    measure: "second",
  });
  progress.onEvent(second("decode", 90, 4000.5));
  wait(100);
  progress.onEvent(second("transcribe", 65.4, null));
  wait(100);
  progress.onEvent(second("decode", 100, 4000.5));
  expect(written.map((line) => line.replace(/^[^]*[█░] /, ""))).toEqual(["1:30/1:06:40", "1:05/1:06:40"]);
});

test("an unknown total shows what has been done", () => {
  const { written, progress, wait } = watch(true);
  wait(400);
  progress.onEvent(page(7, null));
  expect(written[0]).toContain(" 7 pages");
});
