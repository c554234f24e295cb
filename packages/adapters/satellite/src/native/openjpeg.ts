/** What is used of the engine; it has no types of its own. */
interface Engine {
  J2KDecoder: new () => {
    getEncodedBuffer(lengthBytes: number): Uint8Array;
    getDecodedBuffer(): Uint8Array;
    decode(): void;
    getFrameInfo(): { readonly width: number };
    delete(): void;
  };
}

let engine: Promise<Engine> | undefined;

/** Decodes a JPEG 2000 file with OpenJPEG (WebAssembly) to the bytes of its numbers. Undefined for what it cannot decode. */
export async function decodeWithOpenjpeg(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer> | undefined> {
  engine ??= load();
  const { J2KDecoder } = await engine;
  const decoder = new J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    // A picture without pixels is its way to say that it failed. The copy is out of its memory, which is not shared.
    return decoder.getFrameInfo().width === 0
      ? undefined
      : (decoder.getDecodedBuffer().slice() as Uint8Array<ArrayBuffer>);
  } catch {
    return undefined; // it throws numbers: addresses of its own exceptions
  } finally {
    decoder.delete();
  }
}

async function load(): Promise<Engine> {
  const { default: create } = (await import("@cornerstonejs/codec-openjpeg/decodewasmjs" as string)) as {
    readonly default: (options: { print(): void; printErr(): void }) => Promise<Engine>;
  }; // without types of its own
  return create({ print() {}, printErr() {} });
}
