import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { cancellationOf, throwIfCancelled } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";

/** The one command that brings it, with its English model. */
export const POCKETSPHINX_COMMAND = "apt-get install pocketsphinx pocketsphinx-en-us";

/** A program that is there and has its model: that of 0.8 and 5prealpha (Debian 12), or that of 5.0 and later. */
export interface Pocketsphinx {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/**
 * A little less weight for the language model than its default of 6.5: "what your country can do for you" is then heard in
 * more of the ways that the frames of 10 ms can lie on the recording.
 */
const accuracy = ["-lw", "5"] as const;

const candidates: readonly Pocketsphinx[] = [
  {
    name: "pocketsphinx_continuous",
    // It opens a file by its name, and what Node passes as stdin is a socket, which has none: `cat` makes a pipe of it.
    command: [
      "/bin/sh",
      "-c",
      'cat | exec pocketsphinx_continuous -infile /dev/stdin "$@"',
      "pocketsphinx_continuous",
      "-time",
      "yes",
      "-logfn",
      "/dev/null",
      ...accuracy,
    ],
  },
  { name: "pocketsphinx", command: ["pocketsphinx", "-loglevel", "FATAL", ...accuracy, "live", "-"] },
];

/** What a program that failed has to say for itself. */
const MAX_COMPLAINT_CHARACTERS = 2000;

/** How much quiet a program is asked to listen to, to see that it and its model are there: 0.1 s. */
const TRIAL_BYTES = 3200;

let found: Promise<Pocketsphinx | undefined> | undefined;

/** Looks for the program once, and whether it finds its model; undefined when there is none. */
export function findPocketsphinx(): Promise<Pocketsphinx | undefined> {
  found ??= tryAll().then((one) => {
    if (one === undefined) found = undefined; // it may be installed later
    return one;
  });
  return found;
}

async function tryAll(): Promise<Pocketsphinx | undefined> {
  const { signal } = new AbortController();
  for (const candidate of candidates) {
    try {
      for await (const _line of runPocketsphinx(candidate, quiet(), signal)) continue;
      return candidate;
    } catch {
      continue; // absent, or without its model: the same to a caller who asks what there is
    }
  }
  return undefined;
}

async function* quiet(): AsyncGenerator<Uint8Array, void, void> {
  yield new Uint8Array(TRIAL_BYTES);
}

/**
 * Lines the program prints while it listens to 16-bit samples (16 kHz, mono). It takes them as fast as it can, and is
 * killed by its id when the caller stops reading or gives up. Throws SG_AUDIO_ENGINE_FAILED.
 */
export async function* runPocketsphinx(
  { name, command: [program, ...parameters] }: Pocketsphinx,
  samples: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<string, void, void> {
  throwIfCancelled(signal, "Recognition");
  // A group of its own, so that the shell's children end with it.
  const child = spawn(program, parameters, { stdio: "pipe", detached: true });
  const kill = (): void => killGroup(child);
  signal.addEventListener("abort", kill, { once: true });
  let complaint = "";
  child.stderr.on("data", (text: Buffer) => {
    complaint = (complaint + text.toString("utf8")).slice(-MAX_COMPLAINT_CHARACTERS);
  });
  const ended = endOf(child);
  const feeding = feed(child, samples);
  feeding.catch(kill); // what failed is thrown below
  try {
    for await (const line of createInterface({ input: child.stdout })) yield line;
    const { code, error } = await ended;
    if (signal.aborted) throw cancellationOf(signal, "Recognition");
    await feeding;
    if (error !== undefined)
      throw fail("SG_AUDIO_ENGINE_FAILED", `${name} cannot be started: ${error.message}`, { cause: error });
    if (code !== 0)
      throw fail("SG_AUDIO_ENGINE_FAILED", `${name} ended with code ${code ?? "none"}: ${complaint.trim()}`);
  } finally {
    signal.removeEventListener("abort", kill);
    kill();
    await ended;
    await feeding.catch(() => undefined); // thrown above, or of no interest: the reader has gone
  }
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended by itself in this very moment.
  }
}

function endOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly error?: Error }> {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: null, error }));
    child.on("close", (code) => resolve({ code }));
  });
}

/** Writes no faster than the program reads; ends with the samples, or when the program has closed its input. */
async function feed(child: ChildProcess, samples: AsyncIterable<Uint8Array>): Promise<void> {
  const { stdin } = child;
  if (stdin === null) return;
  const gone = new AbortController();
  stdin.on("error", () => gone.abort()); // the exit code says why
  stdin.on("close", () => gone.abort());
  for await (const bytes of samples) {
    if (gone.signal.aborted) return;
    if (!stdin.write(bytes)) await once(stdin, "drain", { signal: gone.signal }).catch(() => undefined);
  }
  stdin.end();
}
