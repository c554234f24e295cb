import type { ModelFile } from "@stargate/kernel";
import type { AlignmentHead } from "./alignment/attention-matrix.ts";
import type { WhisperDeclaration, WhisperVariant } from "./whisper-specs.ts";

/** Digest and size of a file, where they are known; nothing here is guessed. */
type Pin = readonly [sha256: string, sizeBytes: number];

interface Size {
  readonly id: string;
  readonly summary: string;
  /** Revision of the exports on Hugging Face; "main" where none is known. */
  readonly revision: string;
  readonly int8?: { readonly encoder: Pin; readonly decoder: Pin };
  /** openai/whisper `__init__.py`. */
  readonly alignmentHeads: readonly AlignmentHead[];
}

const ENGLISH = ".en";

const sizes: readonly Size[] = [
  {
    id: "whisper-tiny",
    summary: "Speech to text in 99 languages, 39 M parameters",
    revision: "5332fcc35e32a33b86612b9a57a89be7906102b1",
    int8: {
      encoder: ["fd9d995b9dcb0520f0dbf6cf68651af639fc385f594d9d876e69ca2802dc438e", 10_124_910],
      decoder: ["6c0c125986b007d2e3734bec84c18bda0152071b90b87fadac6d7764499927a0", 30_727_765],
    },
    alignmentHeads: heads("2,2 3,0 3,2 3,3 3,4 3,5"),
  },
  {
    id: "whisper-tiny.en",
    summary: "English speech to text, 39 M parameters",
    revision: "main",
    alignmentHeads: heads("1,0 2,0 2,5 3,0 3,1 3,2 3,3 3,4"),
  },
  {
    id: "whisper-base",
    summary: "Speech to text in 99 languages, 74 M parameters",
    revision: "64da57285918e20ea79ea5c88eed7197933abaa8",
    int8: {
      encoder: ["3e345e977b55620a37c0c2b2af0644e019afdfad562dcf71eb929bb7274285f9", 23_200_850],
      decoder: ["a6beb6baabb66f00b6a686d828c95ffca6146d51900cbad0266cad38f64cf861", 53_707_539],
    },
    alignmentHeads: heads("3,1 4,2 4,3 4,7 5,1 5,2 5,4 5,6"),
  },
  {
    id: "whisper-base.en",
    summary: "English speech to text, 74 M parameters",
    revision: "main",
    alignmentHeads: heads("3,3 4,7 5,1 5,5 5,7"),
  },
  {
    id: "whisper-small",
    summary: "Speech to text in 99 languages, 244 M parameters",
    revision: "2d67713f236afa48a18992566e7647f6ca848e13",
    int8: {
      encoder: ["969f5ac12974340386bf7a02ea6626003e5e2dee396ffc6ab0eec282bf55ba06", 92_324_809],
      decoder: ["fcfc6100dc7339e7507e10f8b274350be7c4f8d8b575f0293f94cc0e156d6d24", 156_780_950],
    },
    alignmentHeads: heads("5,3 5,9 8,0 8,4 8,7 8,8 9,0 9,7 9,9 10,5"),
  },
  {
    id: "whisper-small.en",
    summary: "English speech to text, 244 M parameters",
    revision: "main",
    alignmentHeads: heads("6,6 7,0 7,3 7,8 8,2 8,5 8,7 9,0 9,4 9,8 9,10 10,0 10,1 10,2 10,3 10,6 10,11 11,2 11,4"),
  },
];

/** Vocabularies of openai/whisper. The digests are those of release 20250625. */
const OPENAI = "https://raw.githubusercontent.com/openai/whisper/v20250625/whisper/assets";
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

/** Branch of the same repositories with decoders that also give their attention, which the times of words need. */
const ATTENTION_REVISION = "output_attentions";

/** The model that can tell when a word was said, beside one that cannot. */
export function wordsModelOf(model: string): string {
  return `${model}-words`;
}

/**
 * Whisper (arXiv:2212.04356) in the layout of the public ONNX exports: an encoder, and a decoder with and without a
 * cache in one graph. Each size twice: as most people have it, and with attention for the times of words.
 */
export const whisperModels: readonly WhisperDeclaration[] = sizes.flatMap((size) => [
  declarationOf(size, size.id, size.revision),
  declarationOf({ ...size, int8: undefined }, wordsModelOf(size.id), ATTENTION_REVISION),
]);

function declarationOf(
  size: Omit<Size, "int8"> & { readonly int8?: Size["int8"] | undefined },
  id: string,
  revision: string,
): WhisperDeclaration {
  const file = (name: string, pin?: Pin): ModelFile => ({
    name,
    urls: [`https://huggingface.co/Xenova/${size.id}/resolve/${revision}/onnx/${name}`],
    sha256: pin?.[0] ?? null,
    sizeBytes: pin?.[1] ?? null,
  });
  const variant = (name: string, quality: number, suffix: string, pins?: Size["int8"]): WhisperVariant => ({
    name,
    quality,
    encoder: file(`encoder_model${suffix}.onnx`, pins?.encoder),
    decoder: { decoder: file(`decoder_model_merged${suffix}.onnx`, pins?.decoder) },
  });
  return {
    id,
    summary: size.summary,
    // The exports and their model cards say Apache-2.0, the tables of openai/whisper MIT.
    licence: "Apache-2.0 AND MIT",
    variants: [variant("fp32", 1, ""), variant("int8", 0.97, "_quantized", size.int8)],
    vocabulary: size.id.endsWith(ENGLISH) ? englishTokens : multilingualTokens,
    alignmentHeads: size.alignmentHeads,
    mels: 80,
  };
}

function heads(text: string): readonly AlignmentHead[] {
  return text.split(" ").map((pair) => {
    const [layer = 0, head = 0] = pair.split(",").map(Number);
    return [layer, head];
  });
}
