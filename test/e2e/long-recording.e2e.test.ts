import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { Transcript } from "@stargate/kernel";
import { expect, test, type TestContext } from "vitest";
import { sharedFile } from "../support/shared-files.ts";

// A gateway as operators start it, the real speech detector, Whisper's architecture with random weights.

/** STARGATE_AUDIO_MINUTES=180 is the whole promise; the sound of 30 minutes alone would be 115 MB. */
const MINUTES = Number(process.env["STARGATE_AUDIO_MINUTES"] ?? 30);
const PIECE_MINUTES = 3;
const MAX_GROWTH_BYTES = MINUTES > 60 ? 150_000_000 : 60_000_000;

const main = resolve(import.meta.dirname, "../../packages/server/src/cli/main.ts");

test("a long recording is transcribed without being held in memory", { timeout: 900_000 }, async (context) => {
  context.skip(process.platform !== "linux", "memory of processes is read from /proc, on Linux only");
  context.skip(spawnSync("ffmpeg", ["-version"]).status !== 0, "ffmpeg is not on the PATH: apt-get install ffmpeg");
  const folder = await mkdtemp(join(tmpdir(), "stargate-long-"));
  await writeFile(join(folder, "stargate.config.ts"), `export default ${JSON.stringify(configOf(context))};\n`);
  const gateway = spawn(
    process.execPath,
    ["--conditions=@stargate/source", "--disable-warning=ExperimentalWarning", main, "serve", "--json"],
    { cwd: folder, stdio: ["ignore", "pipe", "ignore"] },
  );
  try {
    const url = await new Promise<string>((found) => {
      createInterface({ input: gateway.stdout }).on("line", (line) => {
        const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
        if (address !== undefined) found(address);
      });
    });
    const transcribe = async (parts: readonly Blob[]): Promise<Transcript> => {
      const response = await fetch(`${url}/v1/pipelines/listen`, { method: "POST", body: new Blob([...parts]) });
      expect(response.status).toBe(200);
      expect(response.headers.get("stargate-degraded")).toBeNull();
      return (await response.json()) as Transcript;
    };
    const piece = await speechThenSilence(context, folder);
    // Everything is loaded and every buffer has been used once.
    await transcribe([piece]);
    const before = memoryOf(gateway.pid);
    const pieces = Array.from({ length: MINUTES / PIECE_MINUTES }, () => piece);
    const { durationSeconds, segments } = await transcribe(pieces);
    const growth = memoryOf(gateway.pid) - before;
    await context.annotate(
      `${MINUTES} min: ${Math.round(growth / 1e6)} MB more than the ${Math.round(before / 1e6)} MB before`,
    );
    expect(Math.round(durationSeconds / 60)).toBe(MINUTES);
    const times = segments.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeGreaterThan((MINUTES - PIECE_MINUTES) * 60);
    expect(growth).toBeLessThan(MAX_GROWTH_BYTES);
  } finally {
    const exited = once(gateway, "exit");
    gateway.kill("SIGKILL");
    await exited;
    await rm(folder, { recursive: true, force: true });
  }
});

function configOf(context: TestContext): object {
  const parity = dirname(sharedFile(context, "parity/whisper-tiny-random/expected.json"));
  const vocabulary = sharedFile(context, "models/multilingual.tiktoken");
  const tiny = {
    encoder: { from: join(parity, "encoder_model.onnx") },
    decoder: { from: join(parity, "decoder_model_merged.onnx") },
    vocabulary: { from: vocabulary },
  };
  const step = { kind: "transform", from: "recording" };
  const graph = {
    stargate: 1,
    name: "listen",
    inputs: { recording: "audio" },
    steps: [
      { ...step, id: "decode", use: "audio.decode" },
      {
        ...step,
        id: "write",
        use: "audio.transcribe",
        from: "decode",
        with: { language: "en", temperature: 0, maxTokens: 8 },
      },
    ],
    output: "write",
  };
  return {
    server: { port: 0 },
    adapters: ["onnx", { use: "audio", with: { whisper: { ladder: ["tiny"], models: { tiny } } } }],
    models: { folders: [dirname(vocabulary)], accept: ["tiny"] },
    pipelines: [{ graph }],
    log: { level: "silent" },
  };
}

/** Frames of MP3 that can be put one behind the other. */
async function speechThenSilence(context: TestContext, folder: string): Promise<Blob> {
  const path = join(folder, "piece.mp3");
  const filter = [
    "-af",
    `apad=whole_dur=${PIECE_MINUTES * 60}`,
    "-b:a",
    "32k",
    "-write_xing",
    "0",
    "-id3v2_version",
    "0",
  ];
  const speech = sharedFile(context, "samples/jfk.wav");
  await promisify(execFile)("ffmpeg", ["-v", "error", "-i", speech, ...filter, path]);
  return new Blob([new Uint8Array(await readFile(path))]);
}

/** The most memory the process ever had. */
function memoryOf(pid = 0): number {
  const [, kilobytes = "0"] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}
