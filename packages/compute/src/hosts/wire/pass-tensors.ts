import type { Tensor } from "@stargate/kernel";
import type { FromHost, ToHost } from "./host-messages.ts";

/** A message for another thread, and the memory to hand over with it. */
export interface PassedMessage {
  readonly message: ToHost | FromHost;
  readonly transfer: ArrayBuffer[];
}

/**
 * Prepares a message for another thread. Memory that a tensor has to itself is handed over, and is gone here; of larger
 * memory (a slice, Node's buffer pool), which others may look at, the tensor's part is copied.
 */
export function passTensors(message: ToHost | FromHost): PassedMessage {
  if (!("tensors" in message)) return { message, transfer: [] };
  const transfer = new Set<ArrayBuffer>();
  const tensors = Object.entries(message.tensors).map(([name, tensor]): [string, Tensor] => {
    const own = ownMemory(tensor);
    if (!Array.isArray(own.data)) transfer.add((own.data as Uint8Array<ArrayBuffer>).buffer); // `ownMemory` saw to it
    return [name, own];
  });
  return { message: { ...message, tensors: Object.fromEntries(tensors) }, transfer: [...transfer] };
}

function ownMemory(tensor: Tensor): Tensor {
  const { data } = tensor;
  if (!ArrayBuffer.isView(data)) return tensor;
  const isWhole = data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength;
  return isWhole ? tensor : { ...tensor, data: data.slice() };
}
