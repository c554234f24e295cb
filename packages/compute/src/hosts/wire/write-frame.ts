import type { TensorMap } from "@stargate/kernel";
import { tensorToBytes } from "@stargate/kernel/backend";
import { type FrameHead, LENGTH_BYTES, type TensorHead } from "./frame-head.ts";
import type { FromHost, ToHost } from "./host-messages.ts";

/**
 * A message as chunks to write one after the other: length of the head (uint32), head (JSON), then the values of each
 * tensor, which are not copied: they must not change until they are written.
 * Throws SG_COMPUTE_INPUT for strings that have no UTF-8.
 */
export function writeFrame(message: ToHost | FromHost): readonly Uint8Array[] {
  if (!("tensors" in message)) return [writeHead({ message })];
  const { tensors, ...rest } = message;
  const [heads, bodies] = writeTensors(tensors);
  return [writeHead({ message: rest, tensors: heads }), ...bodies];
}

function writeTensors(tensors: TensorMap): [TensorHead[], Uint8Array[]] {
  const heads: TensorHead[] = [];
  const bodies: Uint8Array[] = [];
  for (const [name, tensor] of Object.entries(tensors)) {
    const bytes = tensorToBytes(tensor);
    heads.push({ name, dtype: tensor.dtype, shape: tensor.shape, bytes: bytes.byteLength });
    bodies.push(bytes);
  }
  return [heads, bodies];
}

function writeHead(head: FrameHead): Uint8Array {
  const json = Buffer.from(JSON.stringify(head));
  const start = Buffer.allocUnsafe(LENGTH_BYTES + json.length);
  start.writeUInt32LE(json.length);
  json.copy(start, LENGTH_BYTES);
  return start;
}
