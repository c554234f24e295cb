import { expect, test } from "vitest";
import { audioFileName } from "./audio-file-name.ts";

test.for([
  ["RIFF....WAVE", "audio.wav"],
  ["fLaC", "audio.flac"],
  ["OggS", "audio.ogg"],
  ["ID3", "audio.mp3"],
  ["\u0000\u0000\u0000\u0020ftypM4A ", "audio.m4a"],
  ["\u001aE\u00df\u00a3", "audio.webm"],
  ["\u00ff\u00fb", "audio.mp3"],
  ["", "audio.mp3"],
])("%j is named %s", ([bytes, name]) => {
  expect(audioFileName(Uint8Array.from(bytes ?? "", (character) => character.charCodeAt(0)))).toBe(name);
});
