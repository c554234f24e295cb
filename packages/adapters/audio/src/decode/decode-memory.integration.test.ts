import { expect, test } from "vitest";
import { decodePieces } from "../../test/decode-all.ts";
import { ffmpegFile, needsFfmpeg } from "../../test/ffmpeg-cli.ts";
import { writeTestWav } from "../../test/wav-writer.ts";

const HOURS = 3;
/** What a recording of any length may add to the memory of the process. */
const MAX_GROWTH_BYTES = 150_000_000;

const minute = { sampleRateHz: 16_000, channels: 1, format: "s16" } as const;
const wave = (frame: number): number => 0.3 * Math.sin(frame / 20);

/** A Blob that holds one minute in memory and is hours long. */
function longWav(): Blob {
  const data = writeTestWav({ ...minute, frames: 60 * 16_000, amplitude: wave }).slice(44);
  const minutes = Array.from({ length: HOURS * 60 }, () => data);
  const claimedBytes = data.size * minutes.length;
  const header = writeTestWav({ ...minute, frames: 0, amplitude: wave, claimedBytes }).slice(0, 44);
  return new Blob([header, ...minutes]);
}

async function growthWhileDecoding(blob: Blob): Promise<{ readonly seconds: number; readonly bytes: number }> {
  const before = process.memoryUsage.rss();
  let samples = 0;
  let peak = before;
  for await (const piece of decodePieces(blob)) {
    samples += piece.samples.length;
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  return { seconds: samples / 16_000, bytes: peak - before };
}

test("three hours of WAV are never in memory together", async () => {
  const { seconds, bytes } = await growthWhileDecoding(longWav());
  expect(seconds).toBe(HOURS * 3600);
  expect(bytes).toBeLessThan(MAX_GROWTH_BYTES);
});

test("nor are three hours that go through ffmpeg", async (context) => {
  needsFfmpeg(context);
  // A codec that costs nothing to write and to read; the pipes and buffers are those of all formats.
  const parameters = ["-f", "lavfi", "-i", "anoisesrc=r=8000:d=60", "-c:a", "pcm_mulaw", "-f", "au"];
  const one = await ffmpegFile("minute.au", parameters);
  const body = one.slice(32);
  const head = new DataView(await one.slice(0, 32).arrayBuffer());
  head.setUint32(8, 0xffffffff); // length unknown, as of a stream
  const blob = new Blob([head.buffer, ...Array.from({ length: HOURS * 60 }, () => body)]);
  const { seconds, bytes } = await growthWhileDecoding(blob);
  expect(Math.round(seconds)).toBe(HOURS * 3600);
  expect(bytes).toBeLessThan(MAX_GROWTH_BYTES);
});
