import { defineModality } from "../define/define-modality.ts";
import { encodedMediaSchema } from "./media-values.ts";
import { knownImageHeader } from "./media/image-header.ts";
import { sniffImage } from "./media/magic.ts";
import { describeMedia, imageMediaTypes, mediaCodecs } from "./media/media-codec.ts";

/** One encoded picture. Its pixels are counted as soon as the header has been read, which decoding does. */
export const image = defineModality({
  id: "image",
  summary: "An encoded picture",
  schema: encodedMediaSchema,
  measure: "pixel",
  measureOf(value) {
    const header = knownImageHeader(value.blob);
    return header === undefined ? undefined : header.widthPixels * header.heightPixels;
  },
  describe: describeMedia,
  sizeOf: (value) => value.blob.size,
  sniff: sniffImage,
  codecs: mediaCodecs(imageMediaTypes),
});
