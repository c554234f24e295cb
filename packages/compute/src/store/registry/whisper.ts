import type { ModelFile, ModelSpec } from "@stargate/kernel";

/** Digest and size of a file, where they are known; nothing here is guessed. */
type Pin = readonly [sha256: string, sizeBytes: number];

interface Size {
  readonly id: string;
  readonly summary: string;
  /** Revision of the exports on Hugging Face; "main" where none is known. */
  readonly revision: string;
  readonly isEnglishOnly: boolean;
  readonly int8?: { readonly encoder: Pin; readonly decoder: Pin };
}

const sizes: readonly Size[] = [
  {
    id: "whisper-tiny",
    summary: "Speech to text in 99 languages, 39 M parameters",
    revision: "5332fcc35e32a33b86612b9a57a89be7906102b1",
    isEnglishOnly: false,
    int8: {
      encoder: ["fd9d995b9dcb0520f0dbf6cf68651af639fc385f594d9d876e69ca2802dc438e", 10_124_910],
      decoder: ["6c0c125986b007d2e3734bec84c18bda0152071b90b87fadac6d7764499927a0", 30_727_765],
    },
  },
  {
    id: "whisper-tiny.en",
    summary: "English speech to text, 39 M parameters",
    revision: "main",
    isEnglishOnly: true,
  },
  {
    id: "whisper-base",
    summary: "Speech to text in 99 languages, 74 M parameters",
    revision: "64da57285918e20ea79ea5c88eed7197933abaa8",
    isEnglishOnly: false,
    int8: {
      encoder: ["3e345e977b55620a37c0c2b2af0644e019afdfad562dcf71eb929bb7274285f9", 23_200_850],
      decoder: ["a6beb6baabb66f00b6a686d828c95ffca6146d51900cbad0266cad38f64cf861", 53_707_539],
    },
  },
  {
    id: "whisper-base.en",
    summary: "English speech to text, 74 M parameters",
    revision: "main",
    isEnglishOnly: true,
  },
  {
    id: "whisper-small",
    summary: "Speech to text in 99 languages, 244 M parameters",
    revision: "2d67713f236afa48a18992566e7647f6ca848e13",
    isEnglishOnly: false,
    int8: {
      encoder: ["969f5ac12974340386bf7a02ea6626003e5e2dee396ffc6ab0eec282bf55ba06", 92_324_809],
      decoder: ["fcfc6100dc7339e7507e10f8b274350be7c4f8d8b575f0293f94cc0e156d6d24", 156_780_950],
    },
  },
  {
    id: "whisper-small.en",
    summary: "English speech to text, 244 M parameters",
    revision: "main",
    isEnglishOnly: true,
  },
];

/** Files of openai/whisper that every size shares. The digests are those of release 20250625. */
const OPENAI = "https://raw.githubusercontent.com/openai/whisper/v20250625/whisper/assets";
const melFilters: ModelFile = {
  name: "mel_filters.npz",
  urls: [`${OPENAI}/mel_filters.npz`],
  sha256: "7450ae70723a5ef9d341e3cee628c7cb0177f36ce42c44b7ed2bf3325f0f6d4c",
  sizeBytes: 4271,
};
const multilingualTokens: ModelFile = {
  name: "multilingual.tiktoken",
  urls: [`${OPENAI}/multilingual.tiktoken`],
  sha256: "b34b360dbb493e781e479794586d661700670d65564001f23024971d1f2fa126",
  sizeBytes: 816_730,
};
const englishTokens: ModelFile = {
  name: "gpt2.tiktoken",
  urls: [`${OPENAI}/gpt2.tiktoken`],
  sha256: "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
  sizeBytes: 835_554,
};

/**
 * Whisper (arXiv:2212.04356) in the layout of the public ONNX exports: an encoder, and a decoder with and without a
 * cache in one graph. The format is one of its own because the two are run in a loop that stays where they are loaded.
 */
export const whisperModels: readonly ModelSpec[] = sizes.map(({ id, summary, revision, isEnglishOnly, int8 }) => ({
  id,
  version: "1.0.0",
  summary,
  // The exports and their model cards say Apache-2.0, the tables of openai/whisper MIT.
  licence: "Apache-2.0 AND MIT",
  format: "whisper-onnx",
  assets: [melFilters, isEnglishOnly ? englishTokens : multilingualTokens],
  variants: [
    {
      name: "fp32",
      quality: 1,
      files: [
        exported(id, revision, "encoder_model.onnx", undefined),
        exported(id, revision, "decoder_model_merged.onnx", undefined),
      ],
    },
    {
      name: "int8",
      quality: 0.97,
      files: [
        exported(id, revision, "encoder_model_quantized.onnx", int8?.encoder),
        exported(id, revision, "decoder_model_merged_quantized.onnx", int8?.decoder),
      ],
    },
  ],
}));

function exported(id: string, revision: string, name: string, pin: Pin | undefined): ModelFile {
  return {
    name,
    urls: [`https://huggingface.co/Xenova/${id}/resolve/${revision}/onnx/${name}`],
    sha256: pin?.[0] ?? null,
    sizeBytes: pin?.[1] ?? null,
  };
}
