// oxlint-disable-next-line typescript/triple-slash-reference -- a module that has no types cannot be imported for them
/// <reference path="./openjpeg-module.d.ts" />
import type { OpenjpegEngine } from "@cornerstonejs/codec-openjpeg/decodewasmjs";

let engine: Promise<OpenjpegEngine> | undefined;

/** Decodes a JPEG 2000 file with OpenJPEG (WebAssembly) to the bytes of its numbers. Undefined for what it cannot decode. */
export async function decodeWithOpenjpeg(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer> | undefined> {
  engine ??= load();
  const { J2KDecoder } = await engine;
  const decoder = new J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    // A picture without pixels is its way to say that it failed. The copy is out of its memory, which is not shared.
    return decoder.getFrameInfo().width === 0 ? undefined : decoder.getDecodedBuffer().slice();
  } catch {
    return undefined; // it throws numbers: addresses of its own exceptions
  } finally {
    decoder.delete();
  }
}

async function load(): Promise<OpenjpegEngine> {
  const { default: create } = await import("@cornerstonejs/codec-openjpeg/decodewasmjs");
  return create({ print() {}, printErr() {} });
}
