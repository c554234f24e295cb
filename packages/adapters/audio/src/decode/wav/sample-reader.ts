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
export function readMono(header: WavHeader, bytes: ArrayBuffer, weights: readonly number[]): Float32Array<ArrayBuffer> {
  const frames = Math.floor(bytes.byteLength / header.frameBytes);
  // By far the most files; a view costs a tenth of reading sample by sample.
  if (header.format === 1 && header.bitsPerSample === 16 && isLittleEndian)
    return mix(new Int16Array(bytes, 0, frames * header.channels), frames, weights, 1 / 32_768);
  return mixSlowly(header, new DataView(bytes), frames, weights);
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function mix(
  samples: Int16Array,
  frames: number,
  weights: readonly number[],
  scale: number,
): Float32Array<ArrayBuffer> {
  const mono = new Float32Array(frames);
  const channels = weights.length;
  if (channels === 1) {
    for (let frame = 0; frame < frames; frame++) mono[frame] = (samples[frame] ?? 0) * scale;
    return mono;
  }
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += (weights[channel] ?? 0) * (samples[frame * channels + channel] ?? 0);
    mono[frame] = sum * scale;
  }
  return mono;
}

function mixSlowly(
  { format, bitsPerSample, channels, frameBytes }: WavHeader,
  view: DataView,
  frames: number,
  weights: readonly number[],
): Float32Array<ArrayBuffer> {
  const read = readers[`${format}/${bitsPerSample}`] ?? (() => 0);
  const mono = new Float32Array(frames);
  const sampleBytes = bitsPerSample / 8;
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += (weights[channel] ?? 0) * read(view, frame * frameBytes + channel * sampleBytes);
    mono[frame] = sum;
  }
  return mono;
}
