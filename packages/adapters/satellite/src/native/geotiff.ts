import type { ExpandOptions } from "../read/decode/expand.ts";

/** Numbers of TIFF's compression methods that are left to geotiff.js. */
const methods: Readonly<Partial<Record<ExpandOptions["compression"], number>>> = {
  jpeg: 7,
  lerc: 34_887,
  zstd: 50_000,
};

/**
 * Decodes one chunk with geotiff.js: what is rare enough (JPEG, LERC) or missing from older Nodes (ZSTD). Its own reader of
 * files is not used: it takes in the whole index of a file, about 500 MB for a million tiles. Fails with whatever the
 * engine throws; the caller knows which tile it was.
 */
export async function decodeWithGeotiff(
  input: Uint8Array<ArrayBuffer>,
  { compression, jpegTables, lercParameters, chunkSamples }: ExpandOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { getDecoder } = await import("geotiff");
  const parameters = {
    predictor: 1,
    planarConfiguration: chunkSamples > 1 ? 1 : 2,
    ...(jpegTables === undefined ? {} : { JPEGTables: jpegTables }),
    ...(lercParameters === undefined ? {} : { LercParameters: lercParameters }),
  };
  const decoder = await getDecoder(methods[compression] ?? 1, parameters as never); // its types ask for more than its decoders read
  const bytes = input.slice().buffer; // decoders take buffers, not views
  const decoded = (await decoder.decodeBlock(bytes)) as ArrayBufferLike | ArrayBufferView<ArrayBuffer>; // JPEG gives a view
  return ArrayBuffer.isView(decoded)
    ? new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength)
    : new Uint8Array(decoded as ArrayBuffer);
}
