import type { Codec, Descriptor } from "../../contract/modality.ts";
import { fail } from "../../errors/catalog.ts";
import type { EncodedMedia } from "../media-values.ts";
import { knownImageHeader, readImageHeader } from "./image-header.ts";

/**
 * Codec of a file that stays encoded: decoding reads only the header (a damaged one fails here, early and typed),
 * encoding gives the file back. A file is never re-encoded: it can be written only as what it is.
 */
function mediaCodec(mediaType: string): Codec<EncodedMedia> {
  return {
    async decode(input, { name }) {
      const blob = input.type === mediaType ? input : input.slice(0, input.size, mediaType);
      await readImageHeader(blob, mediaType);
      return name === undefined ? { blob, mediaType } : { blob, mediaType, name };
    },
    canEncode: (value) => value.mediaType === mediaType,
    encode(value) {
      if (value.mediaType === mediaType) return value.blob;
      throw fail("SG_OUTPUT_NOT_ACCEPTABLE", `A ${value.mediaType} file cannot be written as ${mediaType}`, {
        hint: `Ask for ${value.mediaType}, or insert a transform that converts it.`,
      });
    },
  };
}

/** Codecs of these media types, in this order. */
export function mediaCodecs(mediaTypes: readonly string[]): Readonly<Record<string, Codec<EncodedMedia>>> {
  return Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, mediaCodec(mediaType)]));
}

/** Raster formats read as document and image. */
export const imageMediaTypes = [
  "image/png",
  "image/jpeg",
  "image/tiff",
  "image/webp",
  "image/gif",
  "image/bmp",
  "image/x-portable-bitmap",
  "image/x-portable-graymap",
  "image/x-portable-pixmap",
  "image/x-portable-anymap",
] as const;

/** Facts about an encoded file; pixels and pages as far as its header was read. */
export function describeMedia(value: EncodedMedia): Descriptor {
  const header = knownImageHeader(value.blob);
  return {
    mediaType: value.mediaType,
    bytes: value.blob.size,
    ...(header === undefined ? {} : { widthPixels: header.widthPixels, heightPixels: header.heightPixels }),
    ...(header?.pages === undefined ? {} : { pages: header.pages }),
  };
}
