/** What an endpoint takes: the inputs of its pipeline, or one input of any kind. */
export interface InputTarget {
  /** Input names; exactly one for POST /v1/convert. */
  readonly names: readonly string[];
  /** The input is plain text, so a small text body needs no recognition. */
  isText(name: string): boolean;
  /** A JSON body is the input itself, never an envelope around it. */
  readonly rawJson: boolean;
  /** Further plain fields of the body that are no inputs ("pipeline"). */
  readonly fields: readonly string[];
}

/** One input as it came: text, or bytes with a media type. */
export type InputBody = string | Blob;

/** The inputs of one request. */
export interface RequestInputs {
  readonly inputs: Readonly<Record<string, InputBody>>;
  readonly fields: Readonly<Record<string, string>>;
  /** File name of the only input. */
  readonly filename: string | undefined;
}
