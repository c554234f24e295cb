import { createFakeClock } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { LiveReport } from "./live-report.ts";

test("a live run is measured by when sound came in and when its text was told", async () => {
  const clock = createFakeClock();
  const report = new LiveReport(() => clock.nowMs());
  const emit = (name: string, data: unknown) => report.told({ type: "emit", step: "transcribe", name, data });
  for (const endSeconds of [0.1, 0.2, 0.3]) {
    report.heard({ endSeconds });
    await clock.advance(100);
  }
  emit("segment-delta", { text: "hello word" });
  await clock.advance(50);
  emit("segment-end", { text: "hello world", endSeconds: 0.2 });
  await clock.advance(50);
  emit("segment-delta", { text: "again" });
  emit("segment-end", { text: "again", endSeconds: 0.3 });
  emit("something-else", {});
  expect(report.figures()).toEqual({
    seconds: 0.3,
    segments: 2,
    firstTextMs: 300,
    latencyMs: { mean: 225, most: 250 },
    stability: 2 / 3,
  });
});

test("a live run that told nothing has no figures to give", () => {
  expect(new LiveReport(() => 0).figures()).toEqual({
    seconds: 0,
    segments: 0,
    firstTextMs: null,
    latencyMs: null,
    stability: null,
  });
});
