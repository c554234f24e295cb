import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exitCodes } from "../src/cli/exit-codes.ts";
import { spokenWav } from "./support/speech-adapter.ts";
import { openTestTerminal, type TestTerminal } from "./support/test-terminal.ts";

const speechAdapterFile = new URL("./support/speech-adapter.ts", import.meta.url).href;

let terminal: TestTerminal;
beforeAll(async () => {
  terminal = await openTestTerminal();
  await terminal.write(
    "stargate.config.ts",
    `import { speechAdapter } from ${JSON.stringify(speechAdapterFile)};\nexport default { adapters: [speechAdapter().adapter] };\n`,
  );
  await writeFile(join(terminal.directory, "a.wav"), Buffer.from(await spokenWav("hi you").arrayBuffer()));
});
afterAll(() => terminal[Symbol.asyncDispose]());
const transcribe = (...args: string[]) => terminal.cli(["transcribe", ...args]);

describe("stargate transcribe", () => {
  test("writes what is said to stdout, and how it was found to stderr", async () => {
    const { code, out, err } = await transcribe("a.wav");
    expect([code, out]).toEqual([exitCodes.ok, "hi you\n"]);
    expect(err).toContain("0.6 of 0.6 seconds");
    expect(err).toContain("spell.transcribe@1.0.0");
  });

  test.for([
    [["--format", "srt"], "1\n00:00:00,000 --> 00:00:00,200\nhi\n\n2\n00:00:00,300 --> 00:00:00,600\nyou\n\n"],
    [["-f", "tsv"], "start\tend\ttext\n0\t200\thi\n300\t600\tyou\n"],
    [["--translate"], "HI YOU\n"],
    [["--prompt", "ah", "--language", "de"], "ahhi you\n"],
  ] as const)("with %j", async ([args, out]) => {
    expect((await transcribe("a.wav", ...args)).out).toBe(out);
  });

  test("gives the times of words where they are asked for", async () => {
    const verbose = JSON.parse((await transcribe("a.wav", "-f", "verbose_json", "--words")).out) as { words: unknown };
    expect(verbose.words).toHaveLength(2);
    const whole = JSON.parse((await transcribe("a.wav", "-f", "json", "--words")).out) as { segments: unknown[] };
    expect(whole.segments[0]).toMatchObject({ words: [{ text: "hi", startSeconds: 0, endSeconds: 0.2 }] });
  });

  test("writes to a file in the format that its name asks for, and gives the receipt with --json", async () => {
    const { code, out } = await transcribe("a.wav", "--out", "a.vtt", "--json");
    expect(code).toBe(exitCodes.ok);
    expect(JSON.parse(out)).toMatchObject({ out: "a.vtt", receipt: { pipeline: "transcription" } });
    expect(await readFile(join(terminal.directory, "a.vtt"), "utf8")).toMatch(
      /^WEBVTT\n\n00:00.000 --> 00:00.200\nhi\n/,
    );
    const envelope = JSON.parse((await transcribe("a.wav", "--json")).out) as object;
    expect(envelope).toMatchObject({ output: { text: "hi you" }, receipt: { steps: [{ id: "decode" }, {}] } });
  });

  test.for([
    [["a.wav", "--format", "mp3"], exitCodes.usage, "not one of text, srt"],
    [["a.wav", "--model", "x"], exitCodes.input, 'no transcription model "x"'],
    [["a.wav", "--language", "fr"], exitCodes.input, 'The language is "fr"'],
    [["nowhere.wav"], exitCodes.usage, "There is no file"],
    [["stargate.config.ts"], exitCodes.input, "not"],
  ] as const)("with %j is refused", async ([args, code, message]) => {
    const result = await transcribe(...args);
    expect([result.code, result.out]).toEqual([code, ""]);
    expect(result.err).toContain(message);
  });
});
