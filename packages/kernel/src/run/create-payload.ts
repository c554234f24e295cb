import type { AnyModality, Descriptor } from "../contract/modality.ts";
import type { Payload, Timeline } from "../contract/payload.ts";
import { digestValue } from "../util/digest.ts";

export interface PayloadInit {
  /** Id of the payload's modality; "many(<id>)" for the items of a stream as an array. */
  readonly modality: string;
  readonly value: unknown;
  /** Knows the facts about the value, usually its modality; asked on first use. */
  readonly describer: { describe(value: unknown): Descriptor };
  readonly mediaType?: string | undefined;
  readonly name?: string | undefined;
  readonly timeline?: Timeline | undefined;
  readonly lineage?: readonly string[] | undefined;
  /** Hashes Blobs in a faster way than the portable one. */
  readonly digestBlob?: ((blob: Blob) => Promise<string>) | undefined;
}

/** A payload whose descriptor and digest are made on first use and kept: steps that need neither pay for neither. */
class LazyPayload implements Payload {
  readonly modality: string;
  readonly value: unknown;
  readonly mediaType: string | undefined;
  readonly name: string | undefined;
  readonly timeline: Timeline | undefined;
  readonly lineage: readonly string[];
  readonly #describer: PayloadInit["describer"];
  readonly #digestBlob: PayloadInit["digestBlob"];
  #descriptor: Descriptor | undefined;
  #digest: Promise<string> | undefined;
  #knownDigest: string | undefined;

  constructor(init: PayloadInit) {
    this.modality = init.modality;
    this.value = init.value;
    this.mediaType = init.mediaType;
    this.name = init.name;
    this.timeline = init.timeline;
    this.lineage = init.lineage ?? none;
    this.#describer = init.describer;
    this.#digestBlob = init.digestBlob;
  }

  get descriptor(): Descriptor {
    return (this.#descriptor ??= Object.freeze({ ...this.#describer.describe(this.value) }));
  }

  get knownDigest(): string | undefined {
    return this.#knownDigest;
  }

  digest(): Promise<string> {
    return (this.#digest ??= this.#computeDigest());
  }

  async #computeDigest(): Promise<string> {
    this.#knownDigest = await digestValue(this.value, this.#digestBlob);
    return this.#knownDigest;
  }
}

const none: readonly string[] = Object.freeze([]);

/** Makes a payload from its parts; see `createPayload` for the usual way. */
export function lazyPayload(init: PayloadInit): Payload {
  return new LazyPayload(init);
}

/**
 * Makes a payload of a modality. Descriptor (through the modality's `describe`) and digest are computed on first use.
 * The value is not checked here: decoders and the runner do that.
 * @example
 * createPayload(text, "Hello", { name: "greeting.txt" });
 */
export function createPayload(
  modality: AnyModality,
  value: unknown,
  facts: Omit<PayloadInit, "modality" | "value" | "describer"> = {},
): Payload {
  return new LazyPayload({ ...facts, modality: modality.id, value, describer: modality });
}

/** The digest of a payload if somebody has asked for it already: receipts never force hashing large media. */
export function knownDigest(payload: Payload): string | undefined {
  return payload instanceof LazyPayload ? payload.knownDigest : undefined;
}
