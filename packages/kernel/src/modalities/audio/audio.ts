import type { Codec } from "../../contract/modality.ts";
import { defineModality } from "../../define/define-modality.ts";
import { fail } from "../../errors/catalog.ts";
import { encodedMediaSchema, type EncodedMedia } from "../media-values.ts";
import { asciiAt } from "../media/magic.ts";
import { audioMediaTypes } from "./audio-media-types.ts";
import { sniffAudio } from "./sniff-audio.ts";

/**
 * An encoded recording: any container that holds sound, a film included. It stays encoded, and nothing but its first
 * bytes is looked at; how many seconds it holds is known when it is decoded.
 */
export const audio = defineModality({
  id: "audio",
  summary: "An encoded recording",
  schema: encodedMediaSchema,
  measure: "second",
  measureOf: () => undefined,
  describe: ({ blob, mediaType }) => ({ mediaType, bytes: blob.size }),
  sizeOf: (value) => value.blob.size,
  sniff: sniffAudio,
  codecs: Object.fromEntries(audioMediaTypes.map((mediaType) => [mediaType, audioCodec(mediaType)])),
});

/** A recording is never re-encoded: it can be written only as what it is. */
function audioCodec(mediaType: string): Codec<EncodedMedia> {
  return {
    async decode(input, { name }) {
      const head = new Uint8Array(await input.slice(0, 16).arrayBuffer());
      if (asciiAt(head, 0, "#EXTM3U"))
        throw fail("SG_INPUT_INVALID", "The input is an HLS playlist: it names recordings and holds none", {
          hint: "Send the recording itself.",
        });
      const blob = input.type === mediaType ? input : input.slice(0, input.size, mediaType);
      return name === undefined ? { blob, mediaType } : { blob, mediaType, name };
    },
    canEncode: (value) => value.mediaType === mediaType,
    encode(value) {
      if (value.mediaType === mediaType) return value.blob;
      throw fail("SG_OUTPUT_NOT_ACCEPTABLE", `A ${value.mediaType} recording cannot be written as ${mediaType}`, {
        hint: `Ask for ${value.mediaType}.`,
      });
    },
  };
}
