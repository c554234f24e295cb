/** Bits of speaker positions (WAVEFORMATEXTENSIBLE). */
const position = {
  frontCentre: 0x4,
  lowFrequency: 0x8,
  backLeft: 0x10,
  backRight: 0x20,
  backCentre: 0x100,
  sideLeft: 0x200,
  sideRight: 0x400,
} as const;

/** Positions of channels in files that do not say: the usual arrangements of that many channels. */
const usualMasks: readonly number[] = [0, 0x4, 0x3, 0xb, 0x107, 0x37, 0x3f, 0x70f, 0x63f];

/**
 * Share of each channel in the mono sound, as FFmpeg mixes it (libswresample/rematrix.c, after ITU-R BS.775): the centre
 * whole, left and right at -3 dB, surround at -6 dB, low frequencies not at all, scaled to a sum of 1.
 */
export function mixWeights(channels: number, channelMask: number): readonly number[] {
  const mask = countBits(channelMask) === channels ? channelMask : usualMasks[channels];
  const weights = mask === undefined || mask === 0 ? undefined : bitsOf(mask).map(weightOf);
  const sum = weights?.reduce((total, weight) => total + weight, 0) ?? 0;
  if (weights === undefined || sum === 0) return Array.from({ length: channels }, () => 1 / channels);
  return weights.map((weight) => weight / sum);
}

function weightOf(bit: number): number {
  switch (bit) {
    case position.frontCentre:
      return 1;
    case position.lowFrequency:
      return 0;
    case position.backLeft:
    case position.backRight:
    case position.sideLeft:
    case position.sideRight:
      return 0.5;
    default:
      return Math.SQRT1_2;
  }
}

function bitsOf(mask: number): readonly number[] {
  return Array.from({ length: 18 }, (_, index) => 2 ** index).filter((bit) => (mask & bit) !== 0);
}

function countBits(mask: number): number {
  return bitsOf(mask).length;
}
