import { openAsBlob } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchResult, result } from "../../support/result.ts";
import { writeRecording } from "../recordings.ts";
import { startWhisperGateway, transcribe } from "../whisper-gateway.ts";
import type { AudioMeasure } from "./measure.ts";

const SECONDS = 600;
const MAX_TOKENS = 60;

const modes = [
  { name: "as it is by default", given: {} },
  { name: "without speech detection", given: { vad: false } },
  { name: "batched", given: { mode: "batched" } },
] as const;

/** How much of ten minutes has been decoded when the first segment reaches a client. */
export const measureFirstSegment: AudioMeasure = async (data, note) => {
  const folder = await mkdtemp(join(tmpdir(), "stargate-bench-audio-"));
  const path = join(folder, "speech.mp3");
  await writeRecording(data.speech, path, { seconds: SECONDS, parameters: ["-ar", "44100", "-b:a", "64k"] });
  await using gateway = await startWhisperGateway(data, note);
  const results: BenchResult[] = [];
  try {
    for (const { name, given } of modes) {
      note(`first segment: ${name}`);
      const leave = new AbortController();
      const startedMs = performance.now();
      let decodedSeconds = 0;
      let firstMs = Number.NaN;
      const events = transcribe(gateway, await openAsBlob(path), { maxTokens: MAX_TOKENS, ...given }, leave.signal);
      for await (const event of events) {
        if (event.name === "progress" && String(event.data["step"]).includes("decode"))
          decodedSeconds = Number(event.data["done"]);
        if (event.name === "error") throw new RangeError(JSON.stringify(event.data));
        if (event.name !== "segment-end") continue;
        firstMs = event.atMs - startedMs;
        break;
      }
      leave.abort();
      results.push(
        result(`first segment of 10 min, ${name}: decoded by then`, (100 * decodedSeconds) / SECONDS, "%", {
          goal: "<= 25",
        }),
        result(`first segment of 10 min, ${name}: after`, firstMs, "ms"),
      );
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
