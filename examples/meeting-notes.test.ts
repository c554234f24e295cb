import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readJfk } from "../packages/adapters/audio/test/recordings.ts";
import { writeTestWav } from "../packages/adapters/audio/test/wav-writer.ts";
import { type ProtocolServer, startProtocolServer } from "../packages/adapters/openai/test/protocol-server.ts";

const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), "stargate-meeting-"));
const recording = join(folder, "meeting.wav");
let llama: ProtocolServer;

beforeAll(async () => {
  llama = await startProtocolServer(); // in place of llama.cpp: the protocol is real, the model is not
  await writeWav(recording, 4 * 16_000, (frame) => 0.2 * Math.sin(frame / 10));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await llama[Symbol.asyncDispose]();
});

async function writeWav(file: string, frames: number, amplitude: (frame: number) => number): Promise<void> {
  const wav = writeTestWav({ sampleRateHz: 16_000, channels: 1, format: "s16", frames, amplitude });
  writeFileSync(file, new Uint8Array(await wav.arrayBuffer()));
}

/** What main.ts prints when the model writes these notes. */
async function output(file: string, notes: string, env: Readonly<Record<string, string>>): Promise<string> {
  const choices = [{ message: { content: notes }, finish_reason: "stop" }];
  llama.next({ kind: "say", body: { choices } });
  const { stdout } = await run(
    process.execPath,
    ["--conditions=@stargate/source", join(import.meta.dirname, "05-meeting-notes/main.ts"), file],
    { env: { ...process.env, NO_COLOR: "1", LLAMA_URL: llama.baseUrl, LLAMA_MODEL: "talker", ...env } },
  );
  return stdout;
}

const scripted = { SPEECH_ADAPTER: join(import.meta.dirname, "05-meeting-notes/scripted-speech.fixture.ts") };
const lastRequest = (): string => JSON.stringify(llama.seen.at(-1)?.body["messages"]);

describe("05-meeting-notes", () => {
  test("makes a redacted transcript of a recording, and notes of that", async () => {
    const printed = await output(recording, "- [ ] Ada: call the roofer [00:00:03]\n- Bo [00:59:59]", scripted);
    expect(printed).toContain("transcript: 200, second=4/4");
    expect(printed).toContain(
      '"text":"Good morning. The roof of [word] leaks. Write to [email] about it. I call the roofer',
    );
    expect(printed).toContain("notes: 200, second=4/4\n- [ ] Ada: call the roofer [00:00:03]\n- Bo\n");
    expect(lastRequest()).toContain("[00:00:01] The roof of [word] leaks.");
    expect(`${printed}${lastRequest()}`).not.toMatch(/example\.org|falcon/i);
  });

  test("says who speaks when it has a model for that", async () => {
    const printed = await output(recording, "- Ada [00:00:03]", { ...scripted, SPEAKER_MODEL: "/models/speaker.onnx" });
    expect(printed).toContain("transcript: 200, second=4/4");
    expect(printed).toContain('"speaker":"Bo"');
    expect(lastRequest()).toContain("[00:00:03] Ada: I call the roofer on Friday.");
  });

  test("hears real speech where a recogniser is installed", async (context) => {
    const samples = readJfk(context).subarray(3 * 16_000, 8 * 16_000);
    const speech = join(folder, "jfk.wav");
    await writeWav(speech, samples.length, (frame) => (samples[frame] ?? 0) / 32_768);
    const printed = await output(speech, "- Ask not [00:00:00]", {});
    context.skip(
      printed.includes("SG_AUDIO_RECOGNISER_MISSING"),
      "pocketsphinx is not here: apt-get install pocketsphinx pocketsphinx-en-us",
    );
    expect(printed).toContain("transcript: 200, second=5/5");
    expect(printed).toContain("what your country can do for you");
    expect(printed).toContain("notes: 200, second=5/5");
    expect(lastRequest()).toContain("what your country can do for you");
  });
});
