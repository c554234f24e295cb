/** Magic bytes (offset, text in Latin-1) of the containers that OpenAI's transcription lists. */
const magic: readonly (readonly [extension: string, offset: number, text: string])[] = [
  ["wav", 0, "RIFF"],
  ["flac", 0, "fLaC"],
  ["ogg", 0, "OggS"],
  ["mp3", 0, "ID3"],
  ["m4a", 4, "ftyp"],
  ["webm", 0, "\u001aE\u00df\u00a3"],
];

/** A file name for audio bytes: servers choose the decoder by its extension. MPEG audio without a tag begins with a frame. */
export function audioFileName(bytes: Uint8Array): string {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  const [extension] = magic.find(([, offset, text]) => head.startsWith(text, offset)) ?? ["mp3"];
  return `audio.${extension}`;
}
