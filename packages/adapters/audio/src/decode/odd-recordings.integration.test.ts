import { describe, expect, test, type TestContext } from "vitest";
import { decodeAll } from "../../test/decode-all.ts";
import { childMemory } from "../../test/child-processes.ts";
import { ffmpegFile, ffmpegSamples, largestDifference, needsFfmpeg } from "../../test/ffmpeg-cli.ts";
import { type WavToWrite, writeTestWav } from "../../test/wav-writer.ts";

// Recordings as broken programs and other people's tools leave them: a right answer, or a refusal that helps.

const SECONDS = 2;
const plain: WavToWrite = {
  sampleRateHz: 16_000,
  channels: 1,
  format: "s16",
  frames: SECONDS * 16_000,
  amplitude: (frame) => 0.3 * Math.sin(frame / 20) + 0.1 * Math.sin(frame / 3),
};
const source = { name: "source.wav", blob: writeTestWav(plain) };
const CLOSE = 1e-4;

function encode(context: TestContext, name: string, ...parameters: readonly string[]): Promise<Blob> {
  needsFfmpeg(context);
  return ffmpegFile(name, parameters, source);
}

/** An ID3v2.3 tag with a cover picture of so many bytes that is none. */
function coverTag(bytes: number): Blob {
  const picture = new Uint8Array(bytes).map((_, index) => (index * 7919) >> 3);
  const frame = new DataView(new ArrayBuffer(10));
  const body = ["\0image/jpeg\0\u0003\0", picture] as const;
  const bodyBytes = body[0].length + bytes;
  for (const [index, letter] of Array.from("APIC").entries()) frame.setUint8(index, letter.charCodeAt(0));
  frame.setUint32(4, bodyBytes);
  const length = 10 + bodyBytes;
  const size = Uint8Array.of(length >> 21, (length >> 14) & 127, (length >> 7) & 127, length & 127);
  return new Blob(["ID3", Uint8Array.of(3, 0, 0), size, frame, ...body]);
}

describe("is read as if nothing were amiss:", () => {
  test.for([0, 0xffffffff, 0x7fffffff, 0x7ffff000])("a WAV that says %i bytes before it knew", async (claimedBytes) => {
    const { samples, recorded } = await decodeAll(writeTestWav({ ...plain, claimedBytes }));
    expect(samples.length).toBe(plain.frames);
    expect(recorded.coverage).toEqual([{ done: SECONDS, of: SECONDS }]);
  });

  test("such a WAV that goes through ffmpeg", async (context) => {
    needsFfmpeg(context);
    const frames = 25 * 8000;
    const blob = writeTestWav({ ...plain, sampleRateHz: 8000, frames, claimedBytes: 0x7ffff000 });
    const { samples, recorded } = await decodeAll(blob);
    expect(recorded.facts["decoder"]).toMatch(/^ffmpeg/);
    expect([samples.length, recorded.issues]).toEqual([25 * 16_000, []]);
  });

  test("a WAV with gigabytes of reserved room behind its end", async () => {
    const zeros = new Blob([new Uint8Array(1_000_000)]);
    const blob = new Blob([source.blob, ...Array.from({ length: 2000 }, () => zeros)]);
    const { samples, recorded } = await decodeAll(blob);
    expect([samples.length, recorded.issues]).toEqual([plain.frames, []]);
  });

  test.for([
    ["A-law", "a.wav", ["-c:a", "pcm_alaw"]],
    ["µ-law", "a.wav", ["-c:a", "pcm_mulaw"]],
    ["WAVE_FORMAT_EXTENSIBLE", "a.wav", ["-c:a", "pcm_s24le", "-channel_layout", "mono"]],
  ] as const)("%s", async ([, name, parameters], context) => {
    const blob = await encode(context, name, ...parameters);
    const { samples, recorded } = await decodeAll(blob);
    expect(largestDifference(samples, await ffmpegSamples(name, blob))).toBeLessThanOrEqual(CLOSE);
    expect(recorded.issues).toEqual([]);
  });

  test("an MP3 behind megabytes of a cover picture that is damaged", async (context) => {
    const mp3 = await encode(context, "a.mp3", "-id3v2_version", "0");
    const tagged = new Blob([coverTag(3_000_000), coverTag(100), mp3]);
    for (const decoder of ["auto", "own"] as const) {
      const { samples, recorded } = await decodeAll(tagged, { adapter: { decoder } });
      expect(samples).toEqual((await decodeAll(mp3, { adapter: { decoder } })).samples);
      expect([recorded.coverage, recorded.issues]).toEqual([[{ done: SECONDS, of: SECONDS }], []]);
    }
  });
});

describe("is read as far as it goes, and says so:", () => {
  test("a WAV whose header was never brought up to date", async () => {
    const { samples, recorded } = await decodeAll(writeTestWav({ ...plain, claimedBytes: 16_000 }));
    expect(samples.length).toBe(8000);
    expect(recorded.coverage).toEqual([
      { done: 0.5, of: SECONDS, missing: [{ what: "0.50-2.00 s", reason: expect.stringContaining("goes on") }] },
    ]);
    expect(recorded.issues.map(({ code }) => code)).toEqual(["SG_AUDIO_INCOMPLETE"]);
  });

  test("a WAV that promises a day and holds seconds", async () => {
    const { recorded } = await decodeAll(writeTestWav({ ...plain, claimedBytes: 32_000 * 50_000 }));
    expect(recorded.coverage).toMatchObject([{ done: SECONDS, of: 50_000 }]);
  });

  test("floats of which some are no numbers", async () => {
    const amplitude = (frame: number): number => (frame >= 8000 && frame < 8160 ? Number.NaN : 0.2);
    const { samples, recorded } = await decodeAll(writeTestWav({ ...plain, format: "f32", amplitude }));
    expect(samples.findIndex((value) => value === 0)).toBe(8000);
    expect(samples.every(Number.isFinite)).toBe(true);
    expect(recorded.coverage).toEqual([
      { done: 1.99, of: SECONDS, missing: [{ what: "0.50-0.51 s", reason: expect.stringContaining("no numbers") }] },
    ]);
  });

  test("an MP3 with gigabytes of zeros behind it, without keeping them", async (context) => {
    const mp3 = await encode(context, "a.mp3");
    const zeros = new Blob([new Uint8Array(1_000_000)]);
    const memory = childMemory(context);
    const { samples, recorded } = await decodeAll(new Blob([mp3, ...Array.from({ length: 200 }, () => zeros)]));
    expect(samples.length).toBe(plain.frames);
    expect(recorded.issues.map(({ code }) => code)).toEqual(["SG_AUDIO_INCOMPLETE"]);
    expect(memory.stop()).toBeLessThan(250_000_000);
  });
});

describe("a WAV with a sample rate of its own", () => {
  test("is read as ffmpeg reads it, with ffmpeg and without", async (context) => {
    needsFfmpeg(context);
    const blob = writeTestWav({ ...plain, sampleRateHz: 11_027, frames: 11_027 });
    const wanted = await ffmpegSamples("a.wav", blob);
    for (const decoder of ["auto", "own"] as const) {
      const { samples } = await decodeAll(blob, { adapter: { decoder } });
      expect(largestDifference(samples, wanted)).toBeLessThanOrEqual(CLOSE);
    }
  });

  test("that no recording has is refused, and no filter is made for it", async () => {
    const blob = writeTestWav({ ...plain, sampleRateHz: 3_999_999_937 });
    await expect(decodeAll(blob, { adapter: { decoder: "own" } })).rejects.toMatchObject({ code: "SG_INPUT_CORRUPT" });
  });
});

describe("is refused, with what to do:", () => {
  const picture = new Blob([Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16), "JFIF\0", new Uint8Array(5000).fill(7)]);
  test.for<readonly [string, Blob | ((context: TestContext) => Promise<Blob>), string]>([
    ["a letter", new Blob(["Dear doctor,\nthe patient has had fever since Monday.\n"]), "SG_INPUT_CORRUPT"],
    ["a picture", picture, "SG_INPUT_CORRUPT"],
    ["a list for ffmpeg without its signature", new Blob(["file '/etc/passwd'\nfile 'a.mp3'\n"]), "SG_INPUT_CORRUPT"],
    [
      "a playlist behind an ID3 tag",
      new Blob([coverTag(100), "#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1/a.ts\n"]),
      "SG_INPUT_INVALID",
    ],
    ["a tag and no recording", coverTag(9000), "SG_INPUT_CORRUPT"],
    ["a purchase of iTunes", (context) => protectedFile(context, "drms"), "SG_INPUT_ENCRYPTED"],
    ["a file of the Common Encryption scheme", (context) => protectedFile(context, "enca"), "SG_INPUT_ENCRYPTED"],
  ])("%s", async ([, input, code], context) => {
    needsFfmpeg(context);
    const blob = input instanceof Blob ? input : await input(context);
    const error: unknown = await decodeAll({ blob, mediaType: "audio/mpeg" }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, public: true, hint: expect.stringMatching(/^[A-Z].*\.$/) as string });
    expect((error as { status: number }).status).toBeLessThan(500);
  });
});

/** An M4A whose sample entry says that its sound is encrypted; all else is as it was. */
async function protectedFile(context: TestContext, entry: string): Promise<Blob> {
  const bytes = Buffer.from(await (await encode(context, "a.m4a", "-c:a", "aac")).arrayBuffer());
  bytes.write(entry, bytes.indexOf("mp4a", bytes.indexOf("stsd")), "latin1");
  return new Blob([bytes]);
}
