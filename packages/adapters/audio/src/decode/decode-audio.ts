import type { EncodedMedia, Pcm, RunContext } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";
import type { AudioOptions } from "../audio-options.ts";
import { chooseDecoder } from "./choose-decoder.ts";
import type { DecodeOptions } from "./decode-options.ts";
import { type DecodedRecording, missingEnd } from "./missing-end.ts";
import { recogniseRecording } from "./recognise-recording.ts";
import type { SoundEnd } from "./sample-stream.ts";

/**
 * Decodes a recording piece by piece: mono, at the wanted rate, each piece with the second it begins at. At the end it
 * reports how many seconds were there of how many the recording promised.
 */
export async function* decodeAudio(
  input: EncodedMedia,
  context: RunContext<DecodeOptions>,
  options: AudioOptions,
): AsyncGenerator<Pcm, void, void> {
  const recording = await recogniseRecording(input, options);
  const { sampleRateHz } = context.options;
  const request = { blob: input.blob, sampleRateHz, signal: context.signal };
  const decoder = await chooseDecoder(request, recording, { options, context });
  const { knownSeconds } = decoder;
  if ((knownSeconds ?? 0) > options.maxSeconds) throw tooLong(knownSeconds ?? 0, options);
  context.disclose({ decoder: decoder.name, mediaType: recording.mediaType });
  const stream = decoder.open();
  let done = 0;
  let end: SoundEnd;
  try {
    for (;;) {
      const next = await stream.next();
      if (next.done === true) {
        end = next.value;
        break;
      }
      const startSeconds = done / sampleRateHz;
      done += next.value.length;
      if (done > options.maxSeconds * sampleRateHz) throw tooLong(done / sampleRateHz, options);
      yield { samples: next.value, sampleRateHz, channels: 1, startSeconds };
      context.progress(
        done / sampleRateHz,
        knownSeconds === undefined ? undefined : Math.max(knownSeconds, done / sampleRateHz),
      );
    }
  } finally {
    await stream.return({});
  }
  await report(context, {
    blob: input.blob,
    mediaType: recording.mediaType,
    knownSeconds,
    end,
    doneSeconds: done / sampleRateHz,
  });
}

async function report(context: RunContext<DecodeOptions>, decoded: DecodedRecording): Promise<void> {
  const { doneSeconds } = decoded;
  context.meter({ unit: "audio-second", quantity: doneSeconds });
  const missing = await missingEnd(decoded);
  if (missing === undefined) {
    context.coverage({ done: doneSeconds, of: doneSeconds });
    return;
  }
  const { ofSeconds, reason } = missing;
  const from = doneSeconds.toFixed(2);
  const what = ofSeconds === null ? `after ${from} s` : `${from}-${ofSeconds.toFixed(2)} s`;
  context.coverage({ done: doneSeconds, of: ofSeconds, missing: [{ what, reason }] });
  context.issue({
    code: "SG_AUDIO_INCOMPLETE",
    message: `${from} s of the recording could be read${ofSeconds === null ? "" : ` of ${ofSeconds.toFixed(2)} s`}: ${reason}`,
    hint: "Send the whole recording, if there is one.",
    item: what,
  });
}

function tooLong(seconds: number, { maxSeconds }: AudioOptions): Error {
  return fail(
    "SG_INPUT_TOO_LARGE",
    `The recording is longer than ${maxSeconds} s (at least ${Math.floor(seconds)} s)`,
    {
      hint: "Send it in parts, or raise the adapter's maxSeconds.",
    },
  );
}
