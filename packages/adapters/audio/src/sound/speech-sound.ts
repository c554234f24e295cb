import type { Pcm } from "@stargate/kernel";
import { createStreamResampler, type StreamResampler } from "../decode/resample/stream-resampler.ts";
import { mixWeights } from "../decode/wav/mix-weights.ts";

/** What speech models read. */
export const SPEECH_RATE_HZ = 16_000;

/**
 * Sound as speech models want it: mono, 16 kHz, piece by piece. Sound that is so already, as `audio.decode` gives it, is
 * passed on untouched; other sound (a browser's 48 kHz) is converted on this thread.
 */
export async function* speechSound(audio: AsyncIterable<Pcm>): AsyncGenerator<Pcm, void, void> {
  let converter: StreamResampler | undefined;
  let inputRateHz = 0;
  let startSeconds = 0;
  let done = 0;
  const piece = (samples: Float32Array<ArrayBuffer>): Pcm => {
    const at = startSeconds + done / SPEECH_RATE_HZ;
    done += samples.length;
    return { samples, sampleRateHz: SPEECH_RATE_HZ, channels: 1, startSeconds: at };
  };
  for await (const next of audio) {
    if (next.sampleRateHz === SPEECH_RATE_HZ && next.channels === 1 && converter === undefined) {
      yield next;
      continue;
    }
    if (converter === undefined || inputRateHz !== next.sampleRateHz) {
      const rest = converter?.end();
      if (rest !== undefined && rest.length > 0) yield piece(rest);
      inputRateHz = next.sampleRateHz;
      startSeconds = next.startSeconds;
      done = 0;
      converter = createStreamResampler(inputRateHz, SPEECH_RATE_HZ);
    }
    const samples = converter.push(mixed(next));
    if (samples.length > 0) yield piece(samples);
  }
  const rest = converter?.end();
  if (rest !== undefined && rest.length > 0) yield piece(rest);
}

function mixed({ samples, channels }: Pcm): Float32Array {
  if (channels === 1) return samples;
  const weights = mixWeights(channels, 0);
  const mono = new Float32Array(Math.floor(samples.length / channels));
  for (let frame = 0; frame < mono.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += (weights[channel] ?? 0) * (samples[frame * channels + channel] ?? 0);
    mono[frame] = sum;
  }
  return mono;
}
