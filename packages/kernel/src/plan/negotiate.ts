import type { AnyModality, Codec, CodecContext, EncodedBody } from "../contract/modality.ts";
import type { Payload } from "../contract/payload.ts";
import { fail } from "../errors/catalog.ts";
import type { Registry } from "../registry/registry.ts";
import { parseAccept, preferenceFor } from "./accept.ts";
import { streamCodecs } from "./stream-codecs.ts";

type Encoders = ReadonlyMap<string, Codec<unknown>>;

/**
 * Media types a modality (an id, or "many(<id>)") can be written as, the default first.
 * With a value, only those that very value can be written as.
 */
export function encodingsOf(registry: Registry, modality: AnyModality | string, value?: unknown): readonly string[] {
  const all = [...encodersOf(registry, modality)];
  return all
    .filter(([, codec]) => codec.encode !== undefined && (value === undefined || codec.canEncode?.(value) !== false))
    .map(([mediaType]) => mediaType);
}

/**
 * Picks the encoding an Accept header (RFC 9110, 12.5.1) asks for: highest quality, then the range that names it
 * most exactly, then the modality's own order. No header means the default.
 * Throws SG_OUTPUT_NOT_ACCEPTABLE listing what there is.
 */
export function negotiateEncoding(
  registry: Registry,
  modality: AnyModality | string,
  accept?: string,
  value?: unknown,
): string {
  const available = encodingsOf(registry, modality, value);
  const [first] = available;
  // Most clients send no preference; theirs need not be parsed and ranked.
  if (first !== undefined && (accept === undefined || accept === "*/*")) return first;
  const ranges = parseAccept(accept === undefined || accept.trim() === "" ? "*/*" : accept);
  const [best] = available
    .map((mediaType) => ({ mediaType, preference: preferenceFor(mediaType, ranges) }))
    .filter(({ preference }) => preference !== undefined && preference.quality > 0)
    .sort(
      (a, b) =>
        (b.preference?.quality ?? 0) - (a.preference?.quality ?? 0) ||
        (b.preference?.specificity ?? 0) - (a.preference?.specificity ?? 0),
    );
  if (best !== undefined) return best.mediaType;
  const id = typeof modality === "string" ? modality : modality.id;
  const asked = accept === undefined ? "" : ` as "${accept}"`;
  throw fail(
    "SG_OUTPUT_NOT_ACCEPTABLE",
    `${id} cannot be written${asked}; it can be written as ${available.join(", ") || "nothing"}`,
    {
      details: { available },
    },
  );
}

/**
 * Writes a payload as one of its media types. The items of a stream ("many(<id>)") are written one after another.
 * Throws SG_OUTPUT_NOT_ACCEPTABLE when the modality, or this value, has no such encoding.
 */
export async function encodePayload(
  registry: Registry,
  payload: Pick<Payload, "modality" | "value">,
  mediaType: string,
  context: CodecContext,
): Promise<EncodedBody> {
  const codec = encodersOf(registry, payload.modality).get(mediaType);
  if (codec?.encode === undefined || codec.canEncode?.(payload.value) === false) {
    const available = encodingsOf(registry, payload.modality, payload.value);
    throw fail(
      "SG_OUTPUT_NOT_ACCEPTABLE",
      `This ${payload.modality} cannot be written as ${mediaType}; it can be written as ${available.join(", ") || "nothing"}`,
      {
        details: { available },
      },
    );
  }
  return codec.encode(payload.value, context);
}

function encodersOf(registry: Registry, modality: AnyModality | string): Encoders {
  const id = typeof modality === "string" ? modality : modality.id;
  const item = /^many\((.*)\)$/.exec(id)?.[1];
  if (item !== undefined) return streamCodecs(registry.codecs(registry.modality(item)));
  return registry.codecs(typeof modality === "string" ? registry.modality(modality) : modality);
}
