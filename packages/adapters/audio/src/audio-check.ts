import type { HealthCheck } from "@stargate/kernel";
import type { AudioOptions } from "./audio-options.ts";
import { ffmpegVersion } from "./native/ffmpeg.ts";
import { findPocketsphinx, POCKETSPHINX_COMMAND } from "./native/pocketsphinx.ts";

/** Looks at the machine: what recordings can be decoded with, and what answers without a model. Models are the store's matter. */
export async function checkAudio({ ffmpegPath, decoder }: AudioOptions): Promise<readonly HealthCheck[]> {
  return [await checkFfmpeg(ffmpegPath, decoder), await checkPocketsphinx()];
}

async function checkFfmpeg(path: string | undefined, decoder: AudioOptions["decoder"]): Promise<HealthCheck> {
  const name = "ffmpeg";
  if (decoder === "own") return { name, status: "ok", message: "not used: WAV, MP3, FLAC and Ogg are read without it" };
  const version = await ffmpegVersion(path);
  if (version !== undefined) return { name, status: "ok", message: `${version}, for recordings of any kind` };
  const place = path === undefined ? "" : ` at ${path}`;
  return {
    name,
    status: "warning",
    message: `not found${place}; WAV, MP3, FLAC and Ogg are read without it, and nothing else`,
    hint: "Install it: apt-get install ffmpeg.",
  };
}

async function checkPocketsphinx(): Promise<HealthCheck> {
  const name = "pocketsphinx";
  const found = await findPocketsphinx();
  if (found !== undefined)
    return { name, status: "ok", message: `${found.name}, for English where no Whisper model is` };
  return {
    name,
    status: "warning",
    message: "not found; there are no transcripts without a Whisper model",
    hint: `Run stargate models pull whisper-base --accept, or for little English without a model: ${POCKETSPHINX_COMMAND}.`,
  };
}
