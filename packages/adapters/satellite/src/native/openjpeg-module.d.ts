/** What is used of the engine, which has no types of its own. */
declare module "@cornerstonejs/codec-openjpeg/decodewasmjs" {
  export interface OpenjpegEngine {
    J2KDecoder: new () => {
      getEncodedBuffer(lengthBytes: number): Uint8Array<ArrayBuffer>;
      getDecodedBuffer(): Uint8Array<ArrayBuffer>;
      decode(): void;
      getFrameInfo(): { readonly width: number };
      delete(): void;
    };
  }
  export default function create(options: { print(): void; printErr(): void }): Promise<OpenjpegEngine>;
}
