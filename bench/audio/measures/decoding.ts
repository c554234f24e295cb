import { spawn } from "node:child_process";
import { once } from "node:events";
import { openAsBlob } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import audio from "@stargate/adapter-audio";
import { openGate, type Pcm } from "@stargate/kernel";
import { createNodeHost } from "@stargate/server";
import { type BenchResult, result } from "../../support/result.ts";
import { takeTurns } from "../../support/take-turns.ts";
import { writeRecording } from "../recordings.ts";
import type { AudioMeasure } from "./measure.ts";

const SECONDS = 3600;
const ROUNDS = 3;

const formats = [
  { name: "MP3, 44.1 kHz, stereo", file: "hour.mp3", parameters: ["-ar", "44100", "-ac", "2", "-b:a", "128k"] },
  { name: "Opus, 48 kHz", file: "hour.opus", parameters: ["-c:a", "libopus", "-b:a", "32k"] },
  { name: "WAV, 44.1 kHz, stereo", file: "hour.wav", parameters: ["-ar", "44100", "-ac", "2"] },
  { name: "WAV, 16 kHz, mono", file: "plain.wav", parameters: ["-ar", "16000", "-ac", "1"] },
] as const;

/** An hour of sound through the gate, against the ffmpeg command alone, whose samples are read and dropped. */
export const measureDecoding: AudioMeasure = async ({ speech }, note) => {
  const folder = await mkdtemp(join(tmpdir(), "stargate-bench-audio-"));
  const host = await createNodeHost();
  const gate = await openGate({ adapters: [audio()], host });
  const results: BenchResult[] = [];
  try {
    for (const { name, file, parameters } of formats) {
      note(`decoding: ${name}`);
      const path = join(folder, file);
      await writeRecording(speech, path, { seconds: SECONDS, parameters });
      let ownMs = 0;
      const ours = async (): Promise<void> => {
        const before = process.cpuUsage();
        const pieces = await gate.stream(await openAsBlob(path), { to: "pcm" });
        let samples = 0;
        for await (const payload of pieces) samples += (payload.value as Pcm).samples.length; // what "pcm" holds
        const { user, system } = process.cpuUsage(before);
        ownMs = (user + system) / 1000;
        if (samples < (SECONDS - 1) * 16_000) throw new RangeError(`${file}: ${samples} samples`);
      };
      const times = await takeTurns(
        [
          { name: "ours", run: ours },
          { name: "ffmpeg", run: () => runFfmpeg(path) },
        ],
        { rounds: ROUNDS },
      );
      const label = `decode 60 min of ${name}`;
      results.push(
        result(`${label}: time over ffmpeg's, medians`, times.ours.medianMs / times.ffmpeg.medianMs, "x", {
          goal: "<= 1.15",
        }),
        result(`${label}: the same, best rounds`, times.ours.bestMs / times.ffmpeg.bestMs, "x"),
        result(`${label}: best round`, times.ours.bestMs, "ms", { baseline: times.ffmpeg.bestMs }),
        result(`${label}: processor time beside ffmpeg`, ownMs, "ms"),
      );
      await rm(path);
    }
    return results;
  } finally {
    await gate.close();
    await host.close();
    await rm(folder, { recursive: true, force: true });
  }
};

async function runFfmpeg(path: string): Promise<void> {
  const child = spawn(
    "ffmpeg",
    ["-v", "error", "-nostdin", "-i", path, "-ar", "16000", "-ac", "1", "-f", "f32le", "-"],
    {
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  child.stdout.resume();
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new RangeError(`ffmpeg ended with code ${String(code)}`);
}
