import { deserialize, serialize } from "node:v8";

/** Stands for a Blob inside a packed value. */
interface PackedBlob {
  readonly "~blob": Uint8Array;
  readonly type: string;
}

/**
 * A value as bytes: plain data, typed arrays and Blobs, nested, as modalities define them. Undefined for anything else (a
 * function, an instance of a class) and for Blobs that together hold more than `maxBytes`.
 */
export async function packValue(value: unknown, maxBytes: number): Promise<Buffer | undefined> {
  const budget = { left: maxBytes };
  const plain = await replaceBlobs(value, budget);
  if (plain === unpackable) return undefined;
  const bytes = serialize(plain);
  return bytes.byteLength <= maxBytes ? bytes : undefined;
}

/** The value again, a copy of its own. */
export function unpackValue(bytes: Uint8Array): unknown {
  return restoreBlobs(deserialize(bytes));
}

const unpackable = Symbol("unpackable");

async function replaceBlobs(value: unknown, budget: { left: number }): Promise<unknown> {
  if (typeof value === "function" || typeof value === "symbol") return unpackable;
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Blob) {
    budget.left -= value.size;
    if (budget.left < 0) return unpackable;
    return { "~blob": new Uint8Array(await value.arrayBuffer()), type: value.type } satisfies PackedBlob;
  }
  if (ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      const replaced = await replaceBlobs(item, budget);
      if (replaced === unpackable) return unpackable;
      items.push(replaced);
    }
    return items;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return unpackable;
  const members: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const replaced = await replaceBlobs(member, budget);
    if (replaced === unpackable) return unpackable;
    members[key] = replaced;
  }
  return members;
}

function restoreBlobs(value: unknown): unknown {
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(restoreBlobs);
  if (isPackedBlob(value)) return new Blob([value["~blob"] as Uint8Array<ArrayBuffer>], { type: value.type }); // v8 makes no shared buffers
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, restoreBlobs(member)]));
}

function isPackedBlob(value: object): value is PackedBlob {
  return "~blob" in value && value["~blob"] instanceof Uint8Array;
}
