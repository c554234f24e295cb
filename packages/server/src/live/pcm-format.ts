import { fail } from "../errors/live-errors.ts";

const encodings = ["s16le", "f32le"] as const;

/** How sound travels that comes in piece by piece: interleaved samples, no container. */
export interface PcmFormat {
  readonly encoding: (typeof encodings)[number];
  readonly sampleRateHz: number;
  readonly channels: number;
}

/** What says how sound travels: the query of a WebSocket, the parameters of a media type. */
export interface PcmFormatText {
  readonly encoding?: string | undefined;
  readonly rate?: string | undefined;
  readonly channels?: string | undefined;
}

const RATE_HZ = { usual: 16_000, least: 8000, most: 192_000 } as const;
const MOST_CHANNELS = 8;

/** Default: 16-bit little-endian integers, one channel, 16 kHz. Throws SG_LIVE_FORMAT. */
export function readPcmFormat({ encoding, rate, channels }: PcmFormatText): PcmFormat {
  const known = encodings.find((some) => some === (encoding ?? "s16le"));
  if (known === undefined)
    throw fail("SG_LIVE_FORMAT", `The encoding is "${encoding ?? ""}", not ${encodings.join(" or ")}`);
  return {
    encoding: known,
    sampleRateHz: within("rate", rate, RATE_HZ.usual, [RATE_HZ.least, RATE_HZ.most]),
    channels: within("channels", channels, 1, [1, MOST_CHANNELS]),
  };
}

function within(
  name: string,
  text: string | undefined,
  usual: number,
  [least, most]: readonly [number, number],
): number {
  const value = text === undefined ? usual : Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw fail("SG_LIVE_FORMAT", `${name} is "${text ?? ""}", not a whole number from ${least} to ${most}`);
}
