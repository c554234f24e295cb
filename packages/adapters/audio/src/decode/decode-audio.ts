import type { EncodedMedia, Pcm, RunContext } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";
import type { AudioOptions } from "../audio-options.ts";
import { chooseDecoder } from "./choose-decoder.ts";
import type { DecodeOptions } from "./decode-options.ts";
import { type MissingEnd, missingEnd } from "./missing-end.ts";
import { recogniseRecording } from "./recognise-recording.ts";
import type { SoundEnd } from "./sample-stream.ts";
import { type Gaps, silenceGaps } from "./silence-gaps.ts";

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
  const { blob, mediaType } = recording;
  const request = { blob, sampleRateHz, signal: context.signal };
  const decoder = await chooseDecoder(request, recording, { options, context });
  const { knownSeconds, thereSeconds = knownSeconds ?? 0 } = decoder;
  if (thereSeconds > options.maxSeconds) throw tooLong(thereSeconds, options);
  context.disclose({ decoder: decoder.name, mediaType });
  const stream = decoder.open();
  let done = 0;
  let gaps: Gaps | undefined;
  let end: SoundEnd;
  try {
    for (;;) {
      const next = await stream.next();
      if (next.done === true) {
        end = next.value;
        break;
      }
      const startSeconds = done / sampleRateHz;
      gaps = silenceGaps(next.value, done, gaps);
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
  const doneSeconds = done / sampleRateHz;
  const missing = (await missingEnd({ blob, mediaType, knownSeconds, end, doneSeconds })) ?? decoder.beyondEnd;
  report(context, { doneSeconds, missing, gaps });
}

interface Decoded {
  readonly doneSeconds: number;
  readonly missing: MissingEnd | undefined;
  readonly gaps: Gaps | undefined;
}

function report(context: RunContext<DecodeOptions>, { doneSeconds, missing, gaps }: Decoded): void {
  const { sampleRateHz } = context.options;
  context.meter({ unit: "audio-second", quantity: doneSeconds });
  const lacking: { readonly what: string; readonly reason: string }[] = [];
  if (gaps !== undefined) {
    const what = `${(gaps.from / sampleRateHz).toFixed(2)}-${(gaps.to / sampleRateHz).toFixed(2)} s`;
    lacking.push({ what, reason: "samples there are no numbers; silence was put in their place" });
  }
  if (missing !== undefined) lacking.push({ what: spanOf(doneSeconds, missing), reason: missing.reason });
  const readableSeconds = doneSeconds - (gaps?.samples ?? 0) / sampleRateHz;
  const ofSeconds = missing === undefined ? doneSeconds : missing.ofSeconds;
  context.coverage({ done: readableSeconds, of: ofSeconds, ...(lacking.length > 0 && { missing: lacking }) });
  for (const { what, reason } of lacking)
    context.issue({
      code: "SG_AUDIO_INCOMPLETE",
      message: `${readableSeconds.toFixed(2)} s of the recording could be read${ofSeconds === null ? "" : ` of ${ofSeconds.toFixed(2)} s`}: ${reason}`,
      hint: "Send the whole recording, if there is one.",
      item: what,
    });
}

function spanOf(doneSeconds: number, { ofSeconds }: MissingEnd): string {
  const from = doneSeconds.toFixed(2);
  return ofSeconds === null ? `after ${from} s` : `${from}-${ofSeconds.toFixed(2)} s`;
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
