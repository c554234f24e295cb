import type { ChildProcess } from "node:child_process";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { promisify } from "node:util";
import { cancellationOf, throwIfCancelled } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";

/** Where ffmpeg is looked for when the operator does not say. */
const DEFAULT_PATH = process.env["FFMPEG_PATH"] ?? "ffmpeg";

/** What ffmpeg may write to stderr before it counts as gone mad: names and lyrics in a file are printed, too. */
const MAX_COMPLAINT_BYTES = 8 * 1024 * 1024;

/**
 * Largest block of memory ffmpeg may ask for. The index of 12 hours of AAC takes 24 MB of it; without a limit the MP3
 * parser keeps twice what lies between two frames, gigabytes of a file that is mostly zeros.
 */
const MAX_BLOCK_BYTES = 64 * 1024 * 1024;

/** Read of the input at once. */
const READ_BYTES = 1024 * 1024;

/** Lines of it that are kept. */
const KEPT_LINES = 60;

export interface FfmpegJob {
  readonly path?: string | undefined;
  readonly input: Blob;
  /** Name of the demuxer: nothing is guessed, so a playlist cannot pass as a recording. */
  readonly demuxer: string;
  readonly sampleRateHz: number;
  /** Samples the input holds at its own rate; what a decoder gives beyond them is padding. */
  readonly inputSamples?: number | undefined;
  /** No more of the input is decoded. */
  readonly maxSeconds: number;
  readonly signal: AbortSignal;
}

/** What ffmpeg said when it ended. */
export interface FfmpegEnd {
  readonly ok: boolean;
  /** The last lines of stderr: what is wrong with the input, in ffmpeg's words. */
  readonly lines: readonly string[];
  /** Length the container states; undefined when it does not. */
  readonly promisedSeconds: number | undefined;
}

const versions = new Map<string, Promise<string | undefined>>();

/** Version of ffmpeg on this machine, looked up once; undefined when it is not there or does not run. */
export function ffmpegVersion(path = DEFAULT_PATH): Promise<string | undefined> {
  const known = versions.get(path) ?? lookUp(path);
  versions.set(path, known);
  return known;
}

async function lookUp(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ["-hide_banner", "-version"], { timeout: 10_000 });
    return /^ffmpeg version (\S+)/.exec(stdout)?.[1] ?? "unknown";
  } catch {
    return undefined; // absent, or too broken to say its version: the same to a caller who asks what there is
  }
}

/**
 * Decodes and resamples with ffmpeg: bytes of float32 little-endian, one channel. The process is killed by its id when the
 * caller stops reading or gives up. Throws SG_AUDIO_ENGINE_FAILED when it cannot be started or stopped answering, and
 * the cancellation.
 */
export async function* runFfmpeg(job: FfmpegJob): AsyncGenerator<Uint8Array, FfmpegEnd, void> {
  const { default: ffmpeg } = await import("fluent-ffmpeg");
  const { signal } = job;
  throwIfCancelled(signal, "Decoding");
  const input = Readable.from(bytesOf(job.input), { objectMode: false, highWaterMark: READ_BYTES });
  // Not closed by itself: fluent-ffmpeg takes a closed output for an abandoned one, 20 ms later, ended or not.
  const output = new PassThrough({ highWaterMark: 256 * 1024, autoDestroy: false });
  const command = ffmpeg(input, { stdoutLines: KEPT_LINES })
    .inputFormat(job.demuxer)
    .inputOptions([
      "-max_alloc",
      String(MAX_BLOCK_BYTES),
      "-protocol_whitelist",
      "pipe",
      "-threads",
      "1",
      "-t",
      String(job.maxSeconds),
    ])
    // Node takes 64 KiB of memory for each piece it reads, and without the last option ffmpeg writes pieces of 2 KiB.
    .outputOptions(["-hide_banner", "-nostdin", "-nostats", "-vn", "-sn", "-dn", "-flush_packets", "0"])
    // Mixed as for integers, to a sum of 1: without it floats of two channels come out 3 dB too loud. `pan` would do the
    // same, and would have to know the arrangement of the channels.
    .audioFilters([
      ...(job.inputSamples === undefined ? [] : [`atrim=end_sample=${job.inputSamples}`]),
      `aresample=osr=${job.sampleRateHz}:rematrix_maxval=1`,
    ])
    .audioChannels(1)
    .audioFrequency(job.sampleRateHz)
    .outputFormat("f32le");
  if (job.path !== undefined) command.setFfmpegPath(job.path);

  let child: ChildProcess | undefined;
  let isOver = false;
  let complaintBytes = 0;
  let promisedSeconds: number | undefined;
  const kill = (): void => {
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  };
  command.on("start", () => {
    ({ ffmpegProc: child } = command as unknown as { ffmpegProc?: ChildProcess }); // set by then, and left out of the types
    child?.stderr?.on("data", (text: string) => {
      complaintBytes += text.length;
      if (complaintBytes > MAX_COMPLAINT_BYTES) kill();
    });
    if (isOver) kill();
  });
  command.on("stderr", (line: string) => (promisedSeconds ??= promisedIn(line)));
  const ended = new Promise<{ readonly error?: Error; readonly stderr: string }>((resolve) => {
    command.on("end", (_stdout, stderr) => resolve({ stderr: stderr ?? "" }));
    command.on("error", (error: Error, _stdout, stderr) => resolve({ error, stderr: stderr ?? "" }));
  });
  // A process that never began leaves its output open for ever.
  void ended.then(({ error }) => error !== undefined && output.end());
  const abort = (): void => void output.destroy(new DOMException("aborted", "AbortError"));
  signal.addEventListener("abort", abort, { once: true });
  try {
    command.output(output, { end: true }).run();
    for await (const chunk of output) yield chunk as Uint8Array; // no encoding is set, so these are bytes
    const { error, stderr } = await ended;
    const lines = stderr.split("\n").filter((line) => line.trim() !== "");
    if (error !== undefined && !/exited with code/.test(error.message))
      throw fail("SG_AUDIO_ENGINE_FAILED", `ffmpeg cannot be used: ${error.message}`, { cause: error });
    return { ok: error === undefined, lines, promisedSeconds };
  } catch (error) {
    throw signal.aborted ? cancellationOf(signal, "Decoding") : error;
  } finally {
    isOver = true;
    signal.removeEventListener("abort", abort);
    kill();
    input.destroy();
    output.destroy();
    if (child !== undefined && child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
}

/** `Blob.stream` reads 64 KiB at a time, which takes five times as long. */
async function* bytesOf(blob: Blob): AsyncGenerator<Uint8Array, void, void> {
  for (let offset = 0; offset < blob.size; offset += READ_BYTES)
    yield new Uint8Array(await blob.slice(offset, offset + READ_BYTES).arrayBuffer());
}

/** "Duration: 00:00:10.03, start: 0.025057, bitrate: 128 kb/s", or "N/A". */
function promisedIn(line: string): number | undefined {
  const [, hours, minutes, seconds] = /^\s*Duration: (\d+):(\d+):(\d+\.\d+),/.exec(line) ?? [];
  return seconds === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
