import { type TaskContext, throwIfCancelled } from "@stargate/kernel";
import { fail } from "../../audio-errors.ts";
import { type DecodedPiece, openWasmDecoder, type WasmFormat } from "../../native/wasm-decoders.ts";
import { createStreamResampler, type StreamResampler } from "../resample/stream-resampler.ts";
import { mixWeights } from "../wav/mix-weights.ts";

/** A recording to be decoded in one go; structured-cloneable. */
export interface WasmDecodeInput {
  readonly blob: Blob;
  readonly format: WasmFormat;
  readonly sampleRateHz: number;
  readonly maxSeconds: number;
}

/** Bytes given to the decoder at once. */
const STEP_BYTES = 64 * 1024;

/**
 * Decodes a whole recording. The samples go to the caller as progress messages, a Float32Array each, so that they are
 * never in memory together. Gives the number of samples. Throws SG_INPUT_CORRUPT when there is no sound in it,
 * SG_INPUT_TOO_LARGE beyond `maxSeconds`.
 */
export async function decodeWasm(input: WasmDecodeInput, context: TaskContext): Promise<number> {
  const { blob, format, sampleRateHz, maxSeconds } = input;
  const decoder = await openWasmDecoder(format);
  const convert = createConverter(sampleRateHz);
  let samples = 0;
  const send = (piece: Float32Array): void => {
    if (piece.length === 0) return;
    samples += piece.length;
    if (samples > maxSeconds * sampleRateHz)
      throw fail("SG_INPUT_TOO_LARGE", `The recording is longer than ${maxSeconds} s`, {
        hint: "Send it in parts, or raise the adapter's maxSeconds.",
      });
    context.progress(piece);
  };
  try {
    for (let offset = 0; offset < blob.size; offset += STEP_BYTES) {
      throwIfCancelled(context.signal, "Decoding");
      const bytes = new Uint8Array(await blob.slice(offset, offset + STEP_BYTES).arrayBuffer());
      send(convert.push(decodeOrRefuse(() => decoder.decode(bytes), format)));
    }
    const rest = decodeOrRefuse(() => decoder.flush?.(), format);
    if (rest !== undefined) send(convert.push(rest));
    send(convert.end());
  } finally {
    decoder.free();
  }
  if (samples === 0) throw fail("SG_INPUT_CORRUPT", `The bytes are not a readable ${format} recording`);
  return samples;
}

function decodeOrRefuse<Piece>(decode: () => Piece, format: WasmFormat): Piece {
  try {
    return decode();
  } catch (cause) {
    throw fail("SG_INPUT_CORRUPT", `The bytes are not a readable ${format} recording`, { cause });
  }
}

/** Mixes to one channel and resamples; the decoder says rate and channels with its first samples. */
function createConverter(sampleRateHz: number) {
  let resampler: StreamResampler | undefined;
  let inputRateHz = 0;
  return {
    push({ channelData, sampleRate }: DecodedPiece): Float32Array {
      const [first] = channelData;
      if (first === undefined || first.length === 0) return new Float32Array(0);
      if (resampler === undefined || inputRateHz !== sampleRate) {
        inputRateHz = sampleRate;
        resampler = createStreamResampler(sampleRate, sampleRateHz);
      }
      const weights = mixWeights(channelData.length, 0);
      const mono = first.map((_, index) =>
        channelData.reduce((sum, channel, at) => sum + (weights[at] ?? 0) * (channel[index] ?? 0), 0),
      );
      return resampler.push(mono);
    },
    end: () => resampler?.end() ?? new Float32Array(0),
  };
}
