import { openAsBlob } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { result } from "../../support/result.ts";
import { median } from "../../support/statistics.ts";
import type { GatewayProcess } from "../../gateway/gateway-process.ts";
import { writeRecording } from "../recordings.ts";
import { startWhisperGateway, transcribe } from "../whisper-gateway.ts";
import type { AudioMeasure } from "./measure.ts";

const SECONDS = 150;
const SHORT_SECONDS = 5;
const ROUNDS = 5;
/** Long windows: as many tokens as a window may have. */
const long = { vad: false, lookAheadSeconds: 0, conditionOnPreviousText: false } as const;
const short = { ...long, maxTokens: 2 } as const;

/**
 * A client leaves in the middle of a window, and another one asks for something short: how much longer it waits than on an
 * idle gateway, in windows. There is one slot, which only the first client's run holds.
 */
export const measureAbort: AudioMeasure = async (data, note) => {
  const folder = await mkdtemp(join(tmpdir(), "stargate-bench-audio-"));
  const path = join(folder, "speech.wav");
  const shortPath = join(folder, "short.wav");
  const parameters = ["-ar", "16000", "-ac", "1"];
  await writeRecording(data.speech, path, { seconds: SECONDS, parameters });
  await writeRecording(data.speech, shortPath, { seconds: SHORT_SECONDS, parameters });
  await using gateway = await startWhisperGateway(data, note);
  const askShort = async (): Promise<number> => {
    const startedMs = performance.now();
    for await (const event of transcribe(gateway, await openAsBlob(shortPath), short))
      if (event.name === "error") throw new RangeError(JSON.stringify(event.data));
    return performance.now() - startedMs;
  };
  try {
    const windowMs: number[] = [];
    const idleMs: number[] = [];
    const afterMs: number[] = [];
    for (let round = -1; round < ROUNDS; round++) {
      note(`abort: round ${round + 1} of ${ROUNDS}`);
      const idle = await askShort();
      const windows = await leaveWithinWindow(gateway, path);
      const after = await askShort();
      if (round < 0) continue;
      windowMs.push(windows);
      idleMs.push(idle);
      afterMs.push(after);
    }
    const idle = median(idleMs);
    const window = median(windowMs);
    return [
      result(
        "abort: the next request waits longer by, median",
        Math.max(0, median(afterMs) - idle) / window,
        "windows",
        {
          goal: "<= 1",
        },
      ),
      result("abort: the same, slowest", Math.max(0, Math.max(...afterMs) - idle) / window, "windows"),
      result("abort: the next request takes", median(afterMs), "ms", { baseline: idle }),
      result("abort: a window takes", window, "ms"),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Hears two windows, and leaves a quarter into the third; gives how long a window took. */
async function leaveWithinWindow(gateway: GatewayProcess, path: string): Promise<number> {
  const leave = new AbortController();
  const ends: number[] = [];
  // Not `for await`: that would leave as soon as it is done.
  const events = transcribe(gateway, await openAsBlob(path), long, leave.signal);
  while (ends.length < 2) {
    const { value: event } = await events.next();
    if (event === undefined || event.name === "error") throw new RangeError(JSON.stringify(event));
    if (event.name === "progress" && String(event.data["step"]).includes("transcribe")) ends.push(event.atMs);
  }
  const windowMs = (ends[1] ?? Number.NaN) - (ends[0] ?? Number.NaN);
  await new Promise((resolve) => setTimeout(resolve, windowMs / 4));
  leave.abort();
  return windowMs;
}
