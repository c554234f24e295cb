import { z } from "zod";
import type { Tensor } from "../../contract/compute-backend.ts";
import { fail } from "../../errors/catalog.ts";
import type { JsonObject } from "../../util/json.ts";
import { tensorFromBytes, tensorToBytes } from "../tensor-bytes.ts";
import { datatypeOf, dtypeOf } from "./datatypes.ts";
import { parseExactly } from "./exact-json.ts";
import { dataToJson, tensorFromJson } from "./json-data.ts";

/** HTTP header with the number of JSON bytes before the binary tensor data. */
export const headerLengthHeader = "inference-header-content-length";

/** Requests list their tensors as inputs, responses as outputs. */
export type TensorList = "inputs" | "outputs";

export interface OutgoingTensor {
  readonly name: string;
  readonly tensor: Tensor;
  /** As raw bytes after the JSON, instead of inside it. */
  readonly binary: boolean;
}

export interface OutgoingMessage {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Bytes of JSON before the binary data: for `headerLengthHeader`. Undefined: the whole body is JSON. */
  readonly headerBytes: number | undefined;
}

/**
 * A request or response of the Open Inference Protocol over HTTP, with the binary tensor data extension for the
 * tensors that ask for it. `head` holds every other field. Throws SG_COMPUTE_MESSAGE and SG_COMPUTE_INPUT for values
 * that cannot be written.
 */
export function encodeMessage(head: JsonObject, list: TensorList, tensors: readonly OutgoingTensor[]): OutgoingMessage {
  const binary: Uint8Array[] = [];
  const entries = tensors.map(({ name, tensor, binary: asBytes }) => {
    const entry = { name, shape: tensor.shape, datatype: datatypeOf(tensor.dtype) };
    // By hand: a 64-bit integer has no other way into JSON.
    if (!asBytes) return `${JSON.stringify(entry).slice(0, -1)},"data":${dataToJson(name, tensor)}}`;
    const bytes = tensorToBytes(tensor);
    binary.push(bytes);
    return JSON.stringify({ ...entry, parameters: { binary_data_size: bytes.length } });
  });
  const fields = JSON.stringify(head).slice(1, -1);
  const json = `{${fields}${fields === "" ? "" : ","}"${list}":[${entries.join(",")}]}`;
  const header = new TextEncoder().encode(json);
  if (binary.length === 0) return { body: header, headerBytes: undefined };
  const body = new Uint8Array(binary.reduce((total, { length }) => total + length, header.length));
  body.set(header);
  let offset = header.length;
  for (const bytes of binary) {
    body.set(bytes, offset);
    offset += bytes.length;
  }
  return { body, headerBytes: header.length };
}

const parametersSchema = z.record(z.string(), z.unknown());
const entrySchema = z.object({
  name: z.string(),
  shape: z.array(z.number()),
  datatype: z.string(),
  // Servers in Python write null for what they leave away.
  parameters: parametersSchema.nullish(),
  data: z.unknown().optional(),
});
const messageSchema = z.looseObject({ parameters: parametersSchema.nullish() });

export interface IncomingMessage {
  /** The other fields of the message, as they came. */
  readonly head: Readonly<Record<string, unknown>>;
  /** In the order of the message. Numbers may be views of the body. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/**
 * Reads a request or response. Throws SG_COMPUTE_MESSAGE for one that is malformed, cut off or longer than it says,
 * and SG_COMPUTE_INPUT for data that does not fit its shape and datatype.
 */
export function decodeMessage(body: Uint8Array, headerBytes: number | undefined, list: TensorList): IncomingMessage {
  const split = headerBytes ?? body.length;
  if (!Number.isSafeInteger(split) || split < 0 || split > body.length)
    throw fail("SG_COMPUTE_MESSAGE", `The message has ${body.length} bytes, and a header of ${split} is announced`);
  const { [list]: entries, ...head } = parse(messageSchema, parseExactly(utf8(body.subarray(0, split))), "the message");
  const tensors = new Map<string, Tensor>();
  let offset = split;
  for (const [index, value] of parse(z.array(z.unknown()), entries, list).entries()) {
    const entry = parse(entrySchema, value, `${list}[${index}]`);
    if (tensors.has(entry.name)) throw fail("SG_COMPUTE_MESSAGE", `The message has "${entry.name}" twice`);
    const size = binarySize(entry);
    const end = offset + (size ?? 0);
    if (end > body.length)
      throw fail("SG_COMPUTE_MESSAGE", `The message ends ${end - body.length} bytes before the end of "${entry.name}"`);
    tensors.set(entry.name, readTensor(entry, size === undefined ? undefined : body.subarray(offset, end)));
    offset = end;
  }
  if (offset !== body.length)
    throw fail("SG_COMPUTE_MESSAGE", `The message has ${body.length - offset} bytes that belong to no tensor`);
  return { head, tensors };
}

type Entry = z.infer<typeof entrySchema>;

function binarySize({ name, parameters: given, data }: Entry): number | undefined {
  const parameters = given ?? {};
  if ((parameters["shared_memory_region"] ?? undefined) !== undefined)
    throw fail("SG_COMPUTE_MESSAGE", `"${name}" lies in shared memory, which is not read here`);
  const size = parameters["binary_data_size"] ?? undefined;
  if (size === undefined) return undefined;
  if (!Number.isSafeInteger(size) || (size as number) < 0 || (data ?? undefined) !== undefined)
    throw fail("SG_COMPUTE_MESSAGE", `"${name}" needs either data or a binary_data_size that is a number of bytes`);
  return size as number; // just seen
}

function readTensor({ name, shape, datatype, data }: Entry, bytes: Uint8Array | undefined): Tensor {
  const dtype = dtypeOf(datatype);
  if (dtype === undefined) throw fail("SG_COMPUTE_MESSAGE", `"${name}" has the unknown datatype "${datatype}"`);
  if (bytes === undefined) return tensorFromJson(name, dtype, shape, data);
  try {
    return tensorFromBytes(dtype, shape, bytes);
  } catch (cause) {
    throw fail("SG_COMPUTE_INPUT", `"${name}": ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

const strictDecoder = new TextDecoder("utf-8", { fatal: true });

function utf8(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch (cause) {
    throw fail("SG_COMPUTE_MESSAGE", "The message is not UTF-8", { cause });
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = [what, ...(issue?.path ?? [])].map(String).join(".");
  throw fail("SG_COMPUTE_MESSAGE", `${where}: ${issue?.message ?? "malformed"}`);
}
