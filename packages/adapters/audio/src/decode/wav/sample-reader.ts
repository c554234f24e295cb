import type { WavHeader } from "./wav-header.ts";

type ReadSample = (view: DataView, offset: number) => number;

/** Readers by format tag and bits; amplitudes become -1 to 1 as FFmpeg scales them: divided by 2^(bits - 1). */
const readers: Readonly<Record<string, ReadSample>> = {
  "1/8": (view, offset) => (view.getUint8(offset) - 128) / 128,
  "1/16": (view, offset) => view.getInt16(offset, true) / 32_768,
  "1/24": (view, offset) => (view.getInt16(offset + 1, true) * 256 + view.getUint8(offset)) / 8_388_608,
  "1/32": (view, offset) => view.getInt32(offset, true) / 2_147_483_648,
  "3/32": (view, offset) => view.getFloat32(offset, true),
  "3/64": (view, offset) => view.getFloat64(offset, true),
};

/** Whether the samples of a WAV file can be read here; others are compressed. */
export function isPlainPcm({ format, bitsPerSample, channels, frameBytes }: WavHeader): boolean {
  return readers[`${format}/${bitsPerSample}`] !== undefined && frameBytes === (channels * bitsPerSample) / 8;
}

/** Samples of all channels mixed into one, by their weights. Whole frames only. */
export function readMono(
  { format, bitsPerSample, channels, frameBytes }: WavHeader,
  bytes: ArrayBuffer,
  weights: readonly number[],
): Float32Array<ArrayBuffer> {
  const read = readers[`${format}/${bitsPerSample}`] ?? (() => 0);
  const view = new DataView(bytes);
  const mono = new Float32Array(Math.floor(bytes.byteLength / frameBytes));
  const sampleBytes = bitsPerSample / 8;
  for (let frame = 0; frame < mono.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += (weights[channel] ?? 0) * read(view, frame * frameBytes + channel * sampleBytes);
    mono[frame] = sum;
  }
  return mono;
}
