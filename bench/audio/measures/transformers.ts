import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type BenchResult, result } from "../../support/result.ts";
import { takeTurns } from "../../support/take-turns.ts";
import { whisperFiles } from "../model/whisper-files.ts";
import { startWhisper, type WhisperOrder, type WhisperProcess, type WhisperSetup } from "../whisper-process.ts";
import type { AudioMeasure } from "./measure.ts";

const WINDOWS = 4;
const ROUNDS = 3;
const MAX_TOKENS = 100;

/**
 * Two minutes of sound to tokens, against transformers.js on the same files with the same threads. It takes windows one
 * by one, in its pipeline and in `generate`: several at once, it refuses (4.3.1).
 */
export const measureTransformers: AudioMeasure = async ({ shared, speech }, note) => {
  const files = await whisperFiles(join(shared, "parity/whisper-tiny-random"), note);
  const packages = await mkdtemp(join(tmpdir(), "stargate-bench-"));
  try {
    note("transformers: installing @huggingface/transformers");
    await writeFile(join(packages, "package.json"), JSON.stringify({ private: true }));
    // Its engine's script would fetch libraries for GPUs.
    const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "@huggingface/transformers@4.3.1"];
    await promisify(execFile)("npm", install, { cwd: packages, timeout: 300_000 });
    const results: BenchResult[] = [];
    for (const threads of [1, 2])
      results.push(...(await compare({ ...files, speech, windows: WINDOWS, threads, packages }, note)));
    return results;
  } finally {
    await rm(packages, { recursive: true, force: true });
  }
};

async function compare(setup: WhisperSetup, note: (message: string) => void): Promise<readonly BenchResult[]> {
  await using ours = await startWhisper("our-whisper.ts", setup);
  await using theirs = await startWhisper("transformers-whisper.ts", setup);
  const single: WhisperOrder = { batch: 1, maxTokens: MAX_TOKENS, timestamps: false };
  const together: WhisperOrder = { ...single, batch: WINDOWS };
  note(`transformers: ${setup.threads} threads`);
  const equal = await equalTokens(ours, theirs, [single, together]);
  const times = await takeTurns(
    [
      { name: "theirs", run: () => theirs.transcribe(single) },
      { name: "single", run: () => ours.transcribe(single) },
      { name: "batched", run: () => ours.transcribe(together) },
    ],
    { rounds: ROUNDS, warmUps: 0 }, // comparing the tokens has warmed them up
  );
  const { theirs: peer, single: one, batched } = times;
  const label = `${WINDOWS} windows of 30 s, ${MAX_TOKENS} tokens each, ${setup.threads} thread(s)`;
  const speed = { goal: ">= 1.5" };
  return [
    result(`${label}: tokens equal to transformers.js's`, 100 * equal, "%", { goal: ">= 100" }),
    result(
      `${label}: batched mode, faster than its way (one by one), medians`,
      peer.medianMs / batched.medianMs,
      "x",
      speed,
    ),
    result(`${label}: the same, best rounds`, peer.bestMs / batched.bestMs, "x"),
    result(`${label}: one by one, faster than its way, medians`, peer.medianMs / one.medianMs, "x"),
    result(`${label}: one by one, best rounds`, peer.bestMs / one.bestMs, "x"),
    result(`${label}: batched mode, best round per window`, batched.bestMs / WINDOWS, "ms", {
      baseline: peer.bestMs / WINDOWS,
    }),
  ];
}

/** Share of the tokens of ours, however they are asked for, that are those of transformers.js one by one. */
async function equalTokens(
  ours: WhisperProcess,
  theirs: WhisperProcess,
  orders: readonly WhisperOrder[],
): Promise<number> {
  const [single] = orders;
  const wanted = single === undefined ? [] : (await theirs.transcribe(single)).tokens;
  let equal = 0;
  let all = 0;
  for (const order of orders) {
    const { tokens } = await ours.transcribe(order);
    for (const [window, given] of wanted.entries()) {
      all += given.length;
      equal += given.filter((token, place) => tokens[window]?.[place] === token).length;
    }
  }
  return equal / all;
}
