import { floatsToBytes } from "./float-bytes.ts";
import type { Pcm } from "./pcm-schema.ts";

/** WAVE_FORMAT_IEEE_FLOAT (RFC 2361, Appendix A): no sample is rounded. */
const IEEE_FLOAT = 3;

/** A WAV file of 32-bit floats: header of 58 bytes ("fact" is required for other formats than integer PCM), samples. */
export function writeWav({ samples, channels, sampleRateHz }: Pcm): Blob {
  const data = floatsToBytes(samples);
  const header = new DataView(new ArrayBuffer(58));
  const ascii = (offset: number, text: string): void => {
    for (let index = 0; index < text.length; index++) header.setUint8(offset + index, text.charCodeAt(index));
  };
  ascii(0, "RIFF");
  header.setUint32(4, header.byteLength - 8 + data.length, true);
  ascii(8, "WAVEfmt ");
  header.setUint32(16, 18, true);
  header.setUint16(20, IEEE_FLOAT, true);
  header.setUint16(22, channels, true);
  header.setUint32(24, sampleRateHz, true);
  header.setUint32(28, sampleRateHz * channels * 4, true);
  header.setUint16(32, channels * 4, true);
  header.setUint16(34, 32, true);
  ascii(38, "fact");
  header.setUint32(42, 4, true);
  header.setUint32(46, samples.length / channels, true);
  ascii(50, "data");
  header.setUint32(54, data.length, true);
  return new Blob([header.buffer, data], { type: "audio/wav" });
}
