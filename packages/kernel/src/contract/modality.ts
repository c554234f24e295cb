import type { z } from "zod";
import type { Json } from "../util/json.ts";
import type { Offload } from "./offload.ts";

/** Flat facts about a payload ("pages", "mediaType", "durationSeconds"): what costs and switches look at. */
export type Descriptor = Readonly<Record<string, string | number | boolean | null>>;

/** What an encoder may return. Text is encoded as UTF-8; large results should be a file-backed `Blob` or a stream. */
export type EncodedBody = string | Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array>;

/** What a codec may use besides its input: heavy work goes through `offload`. */
export interface CodecContext {
  readonly signal: AbortSignal;
  readonly offload: Offload;
  /** File name or field name of the input, if one is known. Never used for sniffing. */
  readonly name?: string | undefined;
}

/** How one media type is read and written. Absent means absent: a codec without `decode` cannot be posted. */
export interface Codec<T> {
  decode?(input: Blob, context: CodecContext): T | Promise<T>;
  encode?(value: T, context: CodecContext): EncodedBody | Promise<EncodedBody>;
  /** Whether this very value can be written so (a PNG document is no PDF; a searchable PDF needs the source). Absent: always. */
  canEncode?(value: T): boolean;
}

/** Result of looking at the first bytes of an input. */
export interface SniffResult {
  readonly mediaType: string;
  /** 0-1. Magic bytes give 1, a structural guess 0.5, "it is valid UTF-8" 0.2. */
  readonly confidence: number;
}

/**
 * A named kind of payload: what values look like, which media types they travel as, how to recognise
 * one by its bytes, and how much of it there is (its measure).
 *
 * `T` is the value type, `Id` and `Measure` are kept as literals so that the compiler can check compositions.
 */
export interface Modality<T = unknown, Id extends string = string, Measure extends string = string> {
  readonly kind: "modality";
  /** kebab-case, globally agreed: "page-text". */
  readonly id: Id;
  readonly summary: string;
  /** Runtime check of a value. Must be cheap: check the envelope, not every pixel. */
  readonly schema: z.ZodType<T>;
  /** Unit in which completeness is counted ("page", "second", "pixel", "record"), or "none" when it cannot be measured. */
  readonly measure: Measure;
  /** How much of `measure` this value holds; `undefined` when that is unknown before reading it. */
  measureOf(value: T): number | undefined;
  /** Flat facts for costs, restrictions and switches. Synchronous and cheap. */
  describe(value: T): Descriptor;
  /** Codecs by media type, best first: the first that encodes is the default encoding. */
  readonly codecs: Readonly<Record<string, Codec<T>>>;
  /** Recognises the modality by content. `head` is the first <= 4096 bytes, `sizeBytes` the whole length. */
  sniff?(head: Uint8Array, sizeBytes: number): SniffResult | undefined;
  /** Event time of a value in seconds from the stream's origin; needed by windows and temporal joins. */
  timeOf?(value: T): number | undefined;
  /** Approximate bytes a value keeps in memory, for byte-bounded edges. Default: 1 KiB. */
  sizeOf?(value: T): number;
  /** JSON Schema example shown in the API description. */
  readonly example?: Json | undefined;
}

/** Any modality, when its value type does not matter. */
export type AnyModality = Modality<unknown, string, string>;

/** A stream of items of one modality. Made with `many(modality)`. */
export interface Many<M extends AnyModality = AnyModality> {
  readonly kind: "many";
  readonly item: M;
}

/** What one end of an edge carries: one value or a stream of values. */
export type Port = AnyModality | Many;

/** Inputs of a transform: one unnamed port, or several named ones. */
export type Ports = Port | Readonly<Record<string, Port>>;

/** Value type of a modality. */
export type ValueOf<M> = M extends { readonly kind: "modality"; readonly schema: z.ZodType<infer T> } ? T : never;

/** TypeScript type that travels over a port: the value, or an `AsyncIterable` of values. */
export type PortValue<P> = P extends { readonly kind: "many"; readonly item: infer M }
  ? AsyncIterable<ValueOf<M>>
  : ValueOf<P>;

/** Type of the `input` argument of a transform with these ports. */
export type InputOf<P> = P extends Port
  ? PortValue<P>
  : P extends Readonly<Record<string, Port>>
    ? { readonly [K in keyof P]: PortValue<P[K]> }
    : never;
