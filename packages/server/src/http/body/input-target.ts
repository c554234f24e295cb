import { didYouMean } from "@stargate/kernel";
import { fail } from "../../errors/server-errors.ts";

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

/** What input names look like in a pipeline; nothing else becomes the key of an object here. */
const inputName = /^[a-z][a-zA-Z0-9-]*$/;

/** Throws SG_HTTP_BODY for a part or field that is no input of the target. A target without names takes any. */
export function checkInputName(name: string, kind: "field" | "part", { names, fields }: InputTarget): void {
  if (names.length === 0 ? inputName.test(name) : names.includes(name)) return;
  const allowed = [...names, ...fields];
  const takes = names.length === 0 ? "" : `; this endpoint takes ${allowed.join(", ")}`;
  throw fail("SG_HTTP_BODY", `The body has a ${kind} "${name}"${didYouMean(name, allowed)}${takes}`);
}
