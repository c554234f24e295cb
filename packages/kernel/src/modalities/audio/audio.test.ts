import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStargateError } from "../../errors/stargate-error.ts";
import { audio, document, image } from "../index.ts";
import { bytesOf } from "../test-media.fixture.ts";
import { audioMediaTypes } from "./audio-media-types.ts";

const context = {
  signal: new AbortController().signal,
  offload: () => Promise.reject(new TypeError("no offload here")),
};
const zeros = (length: number): string => "\0".repeat(length);
const repeated = (bytes: string, lengthBytes: number, times = 3): string =>
  Array.from({ length: times }, () => bytes.padEnd(lengthBytes, "\0")).join("");

/** MPEG-1 Layer III, 128 kbit/s, 44.1 kHz: frames of 417 bytes. */
const mp3 = repeated("\u00ff\u00fb\u0090\u0000", 417);
/** MPEG-2 Layer III, 64 kbit/s, 22.05 kHz: frames of 208 bytes. */
const mp3Low = repeated("\u00ff\u00f3\u0080\u0000", 208);
/** ADTS, 44.1 kHz, frames of 100 bytes. */
const aac = repeated("\u00ff\u00f1\u0050\u0080\u000c\u009f\u00fc", 100);
const id3 = (sizeBytes: number): string => `ID3\u0004\0\0\0\0\0${String.fromCharCode(sizeBytes)}${zeros(sizeBytes)}`;

const samples: readonly (readonly [string, string, string])[] = [
  ["WAV", "RIFF\u0024\0\0\0WAVEfmt ", "audio/wav"],
  ["WAV above 4 GiB", "RF64\u00ff\u00ff\u00ff\u00ffWAVEds64", "audio/wav"],
  ["Broadcast Wave above 4 GiB", "BW64\u00ff\u00ff\u00ff\u00ffWAVEds64", "audio/wav"],
  ["AVI", "RIFF\u0024\0\0\0AVI LIST", "video/x-msvideo"],
  ["AIFF", "FORM\0\0\0\u0024AIFFCOMM", "audio/aiff"],
  ["AIFF-C", "FORM\0\0\0\u0024AIFCFVER", "audio/aiff"],
  ["MP3", mp3, "audio/mpeg"],
  ["MP3 at a low rate", mp3Low, "audio/mpeg"],
  ["MP3 behind a tag", `${id3(10)}${mp3}`, "audio/mpeg"],
  ["MP3 behind a tag longer than the head", "ID3\u0003\0\0\0\u0010\0\0", "audio/mpeg"],
  ["FLAC behind a tag", `${id3(10)}fLaC\0\0\0\u0022`, "audio/flac"],
  ["AAC", aac, "audio/aac"],
  ["AAC behind a tag", `${id3(10)}${aac}`, "audio/aac"],
  ["FLAC", "fLaC\0\0\0\u0022", "audio/flac"],
  ["Ogg", `OggS\0\u0002${zeros(21)}\u0013OpusHead`, "audio/ogg"],
  ["Ogg with film", `OggS\0\u0002${zeros(21)}*\u0080theora`, "video/ogg"],
  ["AMR", "#!AMR\n\u003c", "audio/amr"],
  ["AMR wideband", "#!AMR-WB\n\u0004", "audio/amr-wb"],
  ["M4A", "\0\0\0\u001cftypM4A \0\0\0\0", "audio/mp4"],
  ["MP4", "\0\0\0\u001cftypisom\0\0\u0002\0", "video/mp4"],
  ["QuickTime", "\0\0\0\u0014ftypqt  \0\0\0\0", "video/quicktime"],
  ["3GP", "\0\0\0\u0018ftyp3gp4\0\0\0\0", "video/3gpp"],
  ["WebM with sound", "\u001aEß£\u009fB\u0082\u0084webm...A_OPUS", "audio/webm"],
  ["WebM with film", "\u001aEß£\u009fB\u0082\u0084webm...V_VP9", "video/webm"],
  ["Matroska with sound", "\u001aEß££B\u0082\u0088matroska...A_OPUS", "audio/x-matroska"],
  ["Matroska with film", "\u001aEß££B\u0082\u0088matroska...V_MPEG4/ISO/AVC", "video/x-matroska"],
  ["Windows Media", "0&²u\u008efÏ\u0011¦Ù", "audio/x-ms-wma"],
  ["AU", ".snd\0\0\0\u0018", "audio/basic"],
  ["CAF", "caff\0\u0001\0\0desc", "audio/x-caf"],
  ["Flash", "FLV\u0001\u0005", "video/x-flv"],
  ["MPEG program stream", "\0\0\u0001ºD", "video/mpeg"],
  ["MPEG transport stream", repeated("G", 188, 4), "video/mp2t"],
];

describe("sniffing of recordings", () => {
  it.each(samples)("is certain about %s", (_name, text, mediaType) => {
    const bytes = bytesOf(text);
    expect(audio.sniff?.(bytes, bytes.length)).toEqual({ mediaType, confidence: 1 });
    expect([document.sniff?.(bytes, bytes.length), image.sniff?.(bytes, bytes.length)]).toEqual([undefined, undefined]);
  });

  it("knows only what it reads, and reads all of it", () => {
    const types = new Set<string>(audioMediaTypes);
    expect(samples.filter(([, , mediaType]) => !types.has(mediaType))).toEqual([]);
    expect(audioMediaTypes.filter((type) => samples.every(([, , mediaType]) => mediaType !== type))).toEqual([]);
  });

  it("finds frames behind the middle of one, and is less certain then", () => {
    const cut = bytesOf(`${"\u0011".repeat(300)}${mp3}`);
    expect(audio.sniff?.(cut, cut.length)).toEqual({ mediaType: "audio/mpeg", confidence: 0.6 });
  });

  it.each([
    ["a picture in the same container", "\0\0\0\u001cftypavif\0\0\0\0"],
    ["a WebP", "RIFF\u0024\0\0\0WEBPVP8 "],
    ["text in UTF-16", "\u00ff\u00fea\0b\0c\0"],
    ["a JPEG", "\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF"],
    ["a single frame header in other data", `\u00ff\u00fb\u0090\u0000${"\u0055".repeat(3000)}`],
    ["a text that begins with ID3", "ID3 is a tag"],
    ["nothing", ""],
  ])("does not take %s for a recording", (_what, text) => {
    expect(audio.sniff?.(bytesOf(text), text.length)).toBeUndefined();
  });

  it("finds no recording in noise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 4096 }), (bytes) => {
        expect(audio.sniff?.(bytes, bytes.length)?.confidence).not.toBe(0.6);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe("audio", () => {
  it("stays encoded, and is written as what it is", async () => {
    const codec = audio.codecs["audio/flac"];
    const value = await codec?.decode?.(new Blob(["fLaC"]), { ...context, name: "a.flac" });
    expect([value?.mediaType, value?.name, value?.blob.type]).toEqual(["audio/flac", "a.flac", "audio/flac"]);
    expect(value !== undefined && codec?.canEncode?.(value)).toBe(true);
    expect(value !== undefined && audio.codecs["audio/wav"]?.canEncode?.(value)).toBe(false);
    expect(value !== undefined && audio.describe(value)).toEqual({ mediaType: "audio/flac", bytes: 4 });
  });

  it("is no playlist, whatever it is called", async () => {
    const error: unknown = await Promise.resolve(
      audio.codecs["audio/mpeg"]?.decode?.(new Blob(["#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1/a.ts\n"]), context),
    ).catch((thrown: unknown) => thrown);
    expect(isStargateError(error) && [error.code, error.hint]).toEqual([
      "SG_INPUT_INVALID",
      "Send the recording itself.",
    ]);
  });
});
