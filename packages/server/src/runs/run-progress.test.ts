import { expect, test } from "vitest";
import { RunProgress } from "./run-progress.ts";

const tell = (progress: RunProgress, step: string, done: number, of: number | null, measure = "second") =>
  progress.note({ type: "progress", step, done, of, measure });

test("the step that began last matters, and learns how much there is from the one before it", () => {
  const progress = new RunProgress();
  expect(progress.current).toBeUndefined();
  expect(tell(progress, "decode", 1, 60)).toBe(true);
  expect(tell(progress, "transcribe", 0.5, null)).toBe(true);
  expect(tell(progress, "decode", 9, 60)).toBe(false);
  expect(progress.current).toEqual({ step: "transcribe", measure: "second", done: 0.5, of: 60 });
  tell(progress, "transcribe", 61, null);
  expect(progress.current?.of).toBe(61);
});

test("a step that reads something else learns nothing", () => {
  const progress = new RunProgress();
  tell(progress, "decode", 1, 60);
  tell(progress, "write", 1, null, "page");
  expect(progress.current).toEqual({ step: "write", measure: "page", done: 1, of: null });
});

test("other events are no progress", () => {
  expect(new RunProgress().note({ type: "step-start", step: "decode" })).toBe(false);
});
