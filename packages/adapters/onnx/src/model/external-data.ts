import { fail } from "../onnx-errors.ts";
import { readFields } from "./protobuf.ts";

/** Where a tensor of a model keeps its values outside of the model. */
interface ExternalTensor {
  readonly location: string;
  /** Inside the body of a loop or branch, or of a function. */
  readonly nested: boolean;
}

/** Deeper nesting than this is refused, as protobuf's own readers do. */
const MAX_DEPTH = 100;

/**
 * Refuses a model that would read files it did not come with. ONNX Runtime 1.30.0 looks for external data of a model that
 * it is given as bytes in the working directory, for loop and branch bodies even when it is given all files, and a special
 * location makes it read raw memory; so every location is compared here, before it sees the model. Returns the files it refers to. Throws SG_COMPUTE_MODEL.
 */
export function externalDataOf(id: string, model: Uint8Array, files: readonly string[]): ReadonlySet<string> {
  if (String.fromCharCode(...model.subarray(4, 8)) === "ORTM")
    throw fail("SG_COMPUTE_MODEL", `Model "${id}" is in the ORT format; this backend loads ONNX files`);
  const tensors = externalTensors(id, model);
  for (const { location, nested } of tensors) {
    if (!files.includes(location))
      throw fail("SG_COMPUTE_MODEL", `Model "${id}" refers to a file "${location}" that it did not come with`, {
        hint: "Add the file to the model's files under that name, or save the model as one file.",
      });
    if (nested)
      throw fail("SG_COMPUTE_MODEL", `Model "${id}" keeps values of a loop or branch body in the file "${location}"`, {
        hint: "Save the model as one file: only the weights of its main graph may lie in others.",
      });
  }
  return new Set(tensors.map(({ location }) => location));
}

function externalTensors(id: string, model: Uint8Array): readonly ExternalTensor[] {
  const found: ExternalTensor[] = [];

  const tensor = (bytes: Uint8Array, nested: boolean): void => {
    let isExternal = false;
    const locations: string[] = [];
    for (const field of readFields(bytes)) {
      if (field.id === 14) isExternal ||= field.value === 1;
      if (field.id === 13) locations.push(...locationsOf(messageIn(field.value)));
    }
    if (isExternal) for (const location of locations) found.push({ location, nested });
  };

  /** Visits a message: `fields` names, per field, what kind of message it holds. */
  const visit = (bytes: Uint8Array, kind: MessageKind, depth: number, nested: boolean): void => {
    if (kind === "tensor") return tensor(bytes, nested);
    if (depth > MAX_DEPTH) throw fail("SG_COMPUTE_MODEL", `it is nested more than ${MAX_DEPTH} levels deep`);
    for (const { id: field, value } of readFields(bytes)) {
      const inner = messages[kind][field];
      const isBody = (kind === "attribute" && inner === "graph") || inner === "function";
      if (inner !== undefined) visit(messageIn(value), inner, depth + 1, nested || isBody);
    }
  };

  try {
    visit(model, "model", 0, false);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw fail("SG_COMPUTE_MODEL", `Model "${id}" cannot be read: ${why}`, { cause });
  }
  return found;
}

type MessageKind = "model" | "function" | "graph" | "node" | "attribute" | "sparse" | "tensor";

// Field numbers of onnx.proto under which a message holds others that may hold tensors.
const messages: Readonly<Record<Exclude<MessageKind, "tensor">, Readonly<Record<number, MessageKind>>>> = {
  model: { 7: "graph", 25: "function" },
  function: { 7: "node", 11: "attribute" },
  graph: { 1: "node", 5: "tensor", 15: "sparse" },
  node: { 5: "attribute" },
  attribute: { 5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse" },
  sparse: { 1: "tensor", 2: "tensor" },
};

/** Values of the entries whose key is "location". */
function locationsOf(entry: Uint8Array): readonly string[] {
  const fields = [...readFields(entry)];
  const texts = (id: number) =>
    fields.filter((field) => field.id === id).map(({ value }) => new TextDecoder().decode(messageIn(value)));
  return texts(1).includes("location") ? texts(2) : [];
}

/** Bytes of a field that must have some. */
function messageIn(value: number | Uint8Array): Uint8Array {
  if (typeof value === "number")
    throw fail("SG_COMPUTE_MODEL", "its bytes are no ONNX model: a number where a message belongs");
  return value;
}
