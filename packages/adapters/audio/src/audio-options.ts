import { z } from "zod";
import { speakerOptionsSchema } from "./diarise/diarise-options.ts";
import { whisperOptionsSchema } from "./whisper/whisper-options.ts";

/** Options of the adapter: what the operator decides. */
export const audioOptionsSchema = z.strictObject({
  /** Longest recording that is decoded. Default: 12 hours. */
  maxSeconds: z
    .number()
    .positive()
    .max(7 * 24 * 3600)
    .default(12 * 3600),
  /** Largest file. Default: 8 GiB. */
  maxBytes: z
    .int()
    .min(1024)
    .default(8 * 1024 ** 3),
  /** Where ffmpeg lies. Default: the environment variable FFMPEG_PATH, or `ffmpeg` on the PATH. */
  ffmpegPath: z.string().min(1).optional(),
  /** "own": never start ffmpeg; WAV, MP3, FLAC, Ogg Opus and Ogg Vorbis only. */
  decoder: z.enum(["auto", "own"]).default("auto"),
  whisper: whisperOptionsSchema.prefault({}),
  /** How speakers are told apart. Default: not at all. */
  diarise: speakerOptionsSchema.prefault({}),
});

export type AudioOptions = Readonly<z.infer<typeof audioOptionsSchema>>;
export type AudioOptionsInput = Readonly<z.input<typeof audioOptionsSchema>>;
