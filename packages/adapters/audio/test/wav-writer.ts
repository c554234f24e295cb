/** How the samples of a WAV file that a test writes are stored. */
export type SampleFormat = "u8" | "s16" | "s24" | "s32" | "f32" | "f64";

export interface WavToWrite {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly format: SampleFormat;
  /** Amplitude of each frame and channel. */
  readonly frames: number;
  readonly amplitude: (frame: number, channel: number) => number;
  /** dwChannelMask of WAVE_FORMAT_EXTENSIBLE; absent: a plain header. */
  readonly channelMask?: number;
  /** Written in place of the true number of bytes. */
  readonly claimedBytes?: number;
  /** A chunk between format and samples, as editors leave it. */
  readonly extraChunk?: string;
}

const bytesPerSample: Readonly<Record<SampleFormat, number>> = { u8: 1, s16: 2, s24: 3, s32: 4, f32: 4, f64: 8 };

/** A WAV file, written the plainest way. */
export function writeTestWav(wav: WavToWrite): Blob {
  const { sampleRateHz, channels, format, frames, amplitude, channelMask, extraChunk = "" } = wav;
  const width = bytesPerSample[format];
  const data = new DataView(new ArrayBuffer(frames * channels * width));
  for (let frame = 0; frame < frames; frame++)
    for (let channel = 0; channel < channels; channel++)
      writeSample(data, (frame * channels + channel) * width, format, amplitude(frame, channel));
  const isFloat = format.startsWith("f");
  const formatChunk = new DataView(new ArrayBuffer(channelMask === undefined ? 16 : 40));
  formatChunk.setUint16(0, channelMask === undefined ? (isFloat ? 3 : 1) : 0xfffe, true);
  formatChunk.setUint16(2, channels, true);
  formatChunk.setUint32(4, sampleRateHz, true);
  formatChunk.setUint32(8, sampleRateHz * channels * width, true);
  formatChunk.setUint16(12, channels * width, true);
  formatChunk.setUint16(14, width * 8, true);
  if (channelMask !== undefined) {
    formatChunk.setUint16(16, 22, true);
    formatChunk.setUint16(18, width * 8, true);
    formatChunk.setUint32(20, channelMask, true);
    formatChunk.setUint16(24, isFloat ? 3 : 1, true);
    // The rest of the sub-format's GUID.
    new Uint8Array(formatChunk.buffer).set([0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113], 26);
  }
  const extra =
    extraChunk === ""
      ? []
      : ["LIST", uint32(extraChunk.length), extraChunk.padEnd(extraChunk.length + (extraChunk.length % 2), "\0")];
  const parts = [
    "WAVE",
    "fmt ",
    uint32(formatChunk.byteLength),
    formatChunk,
    ...extra,
    "data",
    uint32(wav.claimedBytes ?? data.byteLength),
    data,
  ];
  const body = new Blob(parts);
  return new Blob(["RIFF", uint32(body.size), body], { type: "audio/wav" });
}

function uint32(value: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value, true);
  return new Uint8Array(view.buffer);
}

function writeSample(view: DataView, offset: number, format: SampleFormat, value: number): void {
  switch (format) {
    case "u8":
      view.setUint8(offset, Math.round(value * 127) + 128);
      break;
    case "s16":
      view.setInt16(offset, Math.round(value * 32_767), true);
      break;
    case "s24": {
      const whole = Math.round(value * 8_388_607);
      view.setUint8(offset, whole & 0xff);
      view.setInt16(offset + 1, whole >> 8, true);
      break;
    }
    case "s32":
      view.setInt32(offset, Math.round(value * 2_147_483_647), true);
      break;
    case "f32":
      view.setFloat32(offset, value, true);
      break;
    case "f64":
      view.setFloat64(offset, value, true);
  }
}
