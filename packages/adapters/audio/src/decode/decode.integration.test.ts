import { describe, expect, test, type TestContext } from "vitest";
import { childProcesses } from "../../test/child-processes.ts";
import { decodeAll, decodePieces } from "../../test/decode-all.ts";
import { ffmpegFile, ffmpegSamples, largestDifference, needsFfmpeg } from "../../test/ffmpeg-cli.ts";
import { writeTestWav } from "../../test/wav-writer.ts";

/** Something with highs and lows and two different channels: 3 s. */
const source = writeTestWav({
  sampleRateHz: 44_100,
  channels: 2,
  format: "s16",
  frames: 3 * 44_100,
  amplitude: (frame, channel) => 0.2 * Math.sin((frame * frame) / (9e5 + 1e5 * channel)) + 0.1 * Math.sin(frame / 20),
});
const encoded = new Map<string, Promise<Blob>>();
/** The source as ffmpeg writes it; made once. */
function encode(context: TestContext, name: string, ...parameters: readonly string[]): Promise<Blob> {
  needsFfmpeg(context);
  const key = [name, ...parameters].join(" ");
  const made = encoded.get(key) ?? ffmpegFile(name, parameters, { name: "source.wav", blob: source });
  encoded.set(key, made);
  return made;
}

/** Tolerance of the reference: 16-bit output and 16-bit filters. */
const CLOSE = 1e-4;

describe("audio.decode gives what `ffmpeg -ar 16000 -ac 1` gives", () => {
  test.for([
    ["MP3", "a.mp3", ["-b:a", "128k"]],
    ["MP3 at a variable rate", "a.mp3", ["-q:a", "5"]],
    ["Ogg Opus", "a.ogg", ["-c:a", "libopus"]],
    ["Ogg Vorbis", "a.ogg", ["-c:a", "libvorbis"]],
    ["FLAC", "a.flac", []],
    ["M4A, its index at its end", "a.m4a", ["-c:a", "aac"]],
    ["M4A, its index at its beginning", "a.m4a", ["-c:a", "aac", "-movflags", "+faststart"]],
    ["M4A in fragments", "a.m4a", ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"]],
    ["WebM", "a.webm", ["-c:a", "libopus"]],
    ["Matroska", "a.mka", ["-c:a", "libvorbis"]],
    ["AAC", "a.aac", []],
    ["AIFF", "a.aiff", []],
    ["AU", "a.au", []],
    ["CAF", "a.caf", []],
    ["Windows Media", "a.wma", []],
    ["AVI", "a.avi", ["-c:a", "libmp3lame"]],
    ["MPEG transport stream", "a.ts", ["-c:a", "aac"]],
    ["compressed WAV", "a.wav", ["-c:a", "adpcm_ms"]],
    ["24-bit WAV of 192 kHz", "a.wav", ["-c:a", "pcm_s24le", "-ar", "192000"]],
    ["WAV of 8 kHz", "a.wav", ["-ar", "8000"]],
    ["WAV of six channels", "a.wav", ["-af", "pan=5.1|FL=FL|FR=FR|FC=0.5*FL|LFE=FR|BL=0.3*FR|BR=0.2*FL"]],
    ["WAV of four channels", "a.wav", ["-af", "pan=quad|FL=FL|FR=FR|BL=0.3*FR|BR=0.2*FL"]],
    ["WAV with 64-bit sizes", "a.wav", ["-rf64", "always"]],
    ["FLAC of six channels", "a.flac", ["-af", "pan=5.1|FL=FL|FR=FR|FC=0.5*FL|LFE=FR|BL=0.3*FR|BR=0.2*FL"]],
  ] as const)("of %s", async ([, name, parameters], context) => {
    const blob = await encode(context, name, ...parameters);
    const { samples, recorded } = await decodeAll(blob);
    const wanted = await ffmpegSamples(name, blob);
    expect(largestDifference(samples, wanted)).toBeLessThanOrEqual(CLOSE);
    const seconds = samples.length / 16_000;
    expect(recorded.coverage).toEqual([{ done: seconds, of: seconds }]);
    expect(recorded.meter).toEqual([{ unit: "audio-second", quantity: seconds }]);
  });

  test.for([
    ["MP3", "a.mp3", ["-b:a", "128k"], "wasm-mp3"],
    ["FLAC", "a.flac", [], "wasm-flac"],
    ["Ogg Opus", "a.ogg", ["-c:a", "libopus"], "wasm-opus"],
    ["Ogg Vorbis", "a.ogg", ["-c:a", "libvorbis"], "wasm-vorbis"],
    ["WAV", "a.wav", [], "wav"],
  ] as const)("of %s without ffmpeg, too", async ([, name, parameters, decoder], context) => {
    const blob = await encode(context, name, ...parameters);
    const { samples, recorded } = await decodeAll(blob, { adapter: { decoder: "own" } });
    expect(recorded.facts["decoder"]).toBe(decoder);
    expect(largestDifference(samples, await ffmpegSamples(name, blob))).toBeLessThanOrEqual(CLOSE);
  });

  test("at other rates", async (context) => {
    const blob = await encode(context, "a.flac");
    const { pieces, samples } = await decodeAll(blob, { options: { sampleRateHz: 8000 } });
    expect(new Set(pieces.map(({ sampleRateHz }) => sampleRateHz))).toEqual(new Set([8000]));
    expect(samples.length).toBe(3 * 8000);
  });
});

describe("a recording that breaks off", () => {
  test.for([
    ["MP3", "a.mp3", ["-b:a", "128k"], 3],
    ["FLAC", "a.flac", [], 3],
    ["M4A with its index at its beginning", "a.m4a", ["-c:a", "aac", "-movflags", "+faststart"], 3],
    ["WebM", "a.webm", ["-c:a", "libopus"], 3],
    ["Ogg Opus", "a.ogg", ["-c:a", "libopus"], null],
    ["Ogg Vorbis", "a.ogg", ["-c:a", "libvorbis"], null],
  ] as const)("as %s is read as far as it goes, and says so", async ([, name, parameters, total], context) => {
    const whole = await encode(context, name, ...parameters);
    const { samples, recorded } = await decodeAll(whole.slice(0, whole.size * 0.6));
    expect(samples.length).toBeGreaterThan(8000);
    expect(samples.length).toBeLessThan(2.5 * 16_000);
    const [{ done, of, missing }] = recorded.coverage as [(typeof recorded.coverage)[number]];
    expect(done).toBeCloseTo(samples.length / 16_000, 9);
    expect(of === null ? null : Math.round(of)).toBe(total);
    expect(missing?.[0]?.reason).toContain("breaks off");
    expect(recorded.issues.map(({ code }) => code)).toEqual(["SG_AUDIO_INCOMPLETE"]);
  });

  test("as M4A with its index at its end is refused: nothing of it can be read", async (context) => {
    const whole = await encode(context, "a.m4a", "-c:a", "aac");
    await expect(decodeAll(whole.slice(0, whole.size * 0.6))).rejects.toMatchObject({
      code: "SG_INPUT_CORRUPT",
      hint: expect.stringContaining("whole file") as string,
    });
  });
});

describe("what is no recording", () => {
  test.for<readonly [string, Blob | ((context: TestContext) => Promise<Blob>), string]>([
    ["zero bytes", new Blob([]), "SG_INPUT_EMPTY"],
    ["a film without sound", (context) => silentFilm(context), "SG_AUDIO_NO_SOUND"],
    ["an HLS playlist", new Blob(["#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1/a.ts\n"]), "SG_INPUT_INVALID"],
    ["a playlist of ffmpeg's own", new Blob(["ffconcat version 1.0\nfile /etc/passwd\n"]), "SG_INPUT_INVALID"],
    ["an Audible book", new Blob(["\0\0\0\u0018ftypaax \0\0\0\u0001aax M4B "]), "SG_INPUT_ENCRYPTED"],
    ["noise", new Blob([new Uint8Array(50_000).map((_, index) => (index * index * 31) >> 3)]), "SG_INPUT_CORRUPT"],
    ["zeros", new Blob([new Uint8Array(5_000_000)]), "SG_INPUT_CORRUPT"],
    ["a FLAC that is none behind its signature", new Blob(["fLaC", "x".repeat(9000)]), "SG_INPUT_CORRUPT"],
    [
      "a Matroska that is none behind its signature",
      new Blob([Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3), "x".repeat(9000)]),
      "SG_INPUT_CORRUPT",
    ],
  ])("is refused: %s", async ([, input, code], context) => {
    needsFfmpeg(context);
    const blob = input instanceof Blob ? input : await input(context);
    const error: unknown = await decodeAll({ blob, mediaType: "audio/mpeg" }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, public: true, hint: expect.stringMatching(/^[A-Z].*\.$/) as string });
    expect((error as { status: number }).status).toBeLessThan(500);
  });

  test("is refused when it is too large, before anything of it is read", async () => {
    const blob = new Blob([new Uint8Array(2000)]);
    await expect(decodeAll(blob, { adapter: { maxBytes: 1999 } })).rejects.toMatchObject({
      code: "SG_INPUT_TOO_LARGE",
      message: "The recording has 2000 bytes; the limit is 1999 bytes",
    });
  });

  test.for([
    ["WAV", "a.wav", "own"],
    ["MP3 that states its length", "a.mp3", "auto"],
    ["Ogg, which does not", "a.ogg", "auto"],
    ["MP3, without ffmpeg", "a.mp3", "own"],
  ] as const)("is refused when it is too long: %s", async ([, name, decoder], context) => {
    const blob = await encode(context, name);
    await expect(decodeAll(blob, { adapter: { maxSeconds: 2, decoder } })).rejects.toMatchObject({
      code: "SG_INPUT_TOO_LARGE",
      message: expect.stringContaining("longer than 2 s") as string,
    });
  });

  test("needs ffmpeg when it is nothing we read, with the one command to get it", async (context) => {
    const blob = await encode(context, "a.m4a", "-c:a", "aac");
    await expect(decodeAll(blob, { adapter: { ffmpegPath: "/nowhere/ffmpeg" } })).rejects.toMatchObject({
      code: "SG_AUDIO_DECODER_MISSING",
      hint: expect.stringContaining("apt-get install ffmpeg") as string,
    });
  });
});

describe("ffmpeg", () => {
  test("is gone when the reader stops", async (context) => {
    const blob = await encode(context, "a.flac");
    const before = childProcesses(context);
    for await (const piece of decodePieces(blob)) {
      expect(piece.startSeconds).toBe(0);
      expect(childProcesses(context)).toContain("ffmpeg");
      break;
    }
    expect(childProcesses(context)).toEqual(before);
  });

  test("is gone when the run is cancelled, which is what is thrown", async (context) => {
    const blob = await encode(context, "a.flac");
    const before = childProcesses(context);
    const abort = new AbortController();
    const reading = (async () => {
      for await (const _piece of decodePieces(blob, { signal: abort.signal })) abort.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    expect(childProcesses(context)).toEqual(before);
  });
});

function silentFilm(context: TestContext): Promise<Blob> {
  needsFfmpeg(context);
  return ffmpegFile("film.mp4", ["-f", "lavfi", "-i", "testsrc=d=0.2:s=32x32", "-an"]);
}
