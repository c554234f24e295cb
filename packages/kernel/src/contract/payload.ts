import type { Descriptor } from "./modality.ts";

/** Where a payload lies on its source's time axis, in seconds from the source's origin. */
export interface Timeline {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** One immutable value of a modality, with what is known about it. */
export interface Payload<T = unknown> {
  readonly modality: string;
  readonly value: T;
  readonly descriptor: Descriptor;
  /** Media type it came in as, when it was decoded from bytes. */
  readonly mediaType?: string | undefined;
  /** File or field name, for people. */
  readonly name?: string | undefined;
  readonly timeline?: Timeline | undefined;
  /** Steps that led here, oldest first: "ocr.read@1.0.0". */
  readonly lineage: readonly string[];
  /** "sha256:<hex>" of the content; computed on first call and kept. */
  digest(): Promise<string>;
}
