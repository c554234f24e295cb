import { createErrorFactory, kernelErrors, type ErrorCatalog } from "@stargate/kernel/backend";

/** Every error this adapter adds to those of the kernel. Codes are never reused. */
export const audioErrors = {
  SG_AUDIO_DECODER_MISSING: {
    title: "No decoder for the recording",
    meaning: "ffmpeg is not on this machine, and the decoders that come with the adapter do not read this format.",
    solution: "Install ffmpeg: apt-get install ffmpeg.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_AUDIO_NO_SOUND: {
    title: "No sound in the file",
    meaning: "The container is readable and has no audio track: a film without sound, a picture.",
    solution: "Send a recording that has an audio track.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_AUDIO_INCOMPLETE: {
    title: "Recording incomplete",
    meaning:
      "The recording is cut or damaged. Itemised in the receipt with the seconds that could be read, never thrown.",
    solution: "Send the whole recording, if there is one.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_AUDIO_RECOGNISER_MISSING: {
    title: "No speech recogniser",
    meaning: "Neither a Whisper model nor pocketsphinx is on this machine, so that nothing can turn speech into text.",
    solution: "Run the one command the hint names.",
    status: 503,
    retryable: false,
    public: true,
  },
  SG_AUDIO_DIARISER_MISSING: {
    title: "No speaker embedding model",
    meaning: "Speakers can be told apart only with a model that hears how voices differ, and none is configured.",
    solution: "Set `diarise.model` in the options of the audio adapter, or leave the step out.",
    status: 503,
    retryable: false,
    public: true,
  },
  SG_AUDIO_LANGUAGE: {
    title: "Language not understood",
    meaning: "The recogniser that is there does not know the language that was asked for.",
    solution: "Ask for a language the message names, or install a recogniser that knows it.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_AUDIO_ENGINE_FAILED: {
    title: "Audio engine failed",
    meaning: "ffmpeg or a recogniser ended or failed for a reason that is not in the recording.",
    solution: "Send the request again; run `stargate doctor` when it repeats.",
    status: 500,
    retryable: true,
    public: true,
  },
} as const satisfies ErrorCatalog;

export type AudioErrorCode = keyof typeof audioErrors;

/** Makes an error of this adapter's catalogue or of the kernel's (SG_INPUT_CORRUPT and the like). */
export const fail = createErrorFactory({ ...kernelErrors, ...audioErrors });
