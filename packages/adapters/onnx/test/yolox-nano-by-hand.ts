/** A convolution with bias and SiLU, as all of YOLOX are: `size` is the side of its square output. */
interface Convolution {
  readonly size: number;
  readonly from: number;
  readonly to: number;
  readonly kernel?: number;
  /** Every channel for itself. */
  readonly depthwise?: boolean;
}

const ACTIVATED = 1 + 2; // bias; sigmoid and product

function conv({ size, from, to, kernel = 1, depthwise = false }: Convolution): number {
  return size ** 2 * to * (2 * kernel ** 2 * (depthwise ? 1 : from) + ACTIVATED);
}

/** 3 x 3 for every channel, then 1 x 1; a stride of 2 shows in the size of the output. */
const separable = (size: number, from: number, to: number): number =>
  conv({ size, from, to: from, kernel: 3, depthwise: true }) + conv({ size, from, to });

/** Cross-stage partial layer: two ways in, bottlenecks on one of them, both joined. */
function csp(size: number, from: number, to: number, bottlenecks: number, shortcut: boolean): number {
  const half = to / 2;
  const bottleneck =
    conv({ size, from: half, to: half }) + separable(size, half, half) + (shortcut ? size ** 2 * half : 0);
  return 2 * conv({ size, from, to: half }) + bottlenecks * bottleneck + conv({ size, from: to, to });
}

/** Decoupled head on one scale: class, box and objectness, without activation at the end. */
function head(size: number, from: number): number {
  const towers = 4 * separable(size, 64, 64);
  const ends = size ** 2 * (80 + 4 + 1) * (2 * 64 + 1) + size ** 2 * (80 + 1);
  return conv({ size, from, to: 64 }) + towers + ends;
}

/**
 * Operations of YOLOX-nano at 416 x 416 from its description (width 0.25, depth 0.33, depthwise; Ge et al. 2021, "YOLOX:
 * Exceeding YOLO Series in 2021", and the layer list of its reference implementation).
 */
export function yoloxNanoByHand(): number {
  const backbone =
    conv({ size: 208, from: 12, to: 16, kernel: 3 }) +
    separable(104, 16, 32) +
    csp(104, 32, 32, 1, true) +
    separable(52, 32, 64) +
    csp(52, 64, 64, 3, true) +
    separable(26, 64, 128) +
    csp(26, 128, 128, 3, true) +
    separable(13, 128, 256) +
    (conv({ size: 13, from: 256, to: 128 }) + conv({ size: 13, from: 512, to: 256 })) +
    csp(13, 256, 256, 1, false);
  const neck =
    conv({ size: 13, from: 256, to: 128 }) +
    csp(26, 256, 128, 1, false) +
    conv({ size: 26, from: 128, to: 64 }) +
    csp(52, 128, 64, 1, false) +
    separable(26, 64, 64) +
    csp(26, 128, 128, 1, false) +
    separable(13, 128, 128) +
    csp(13, 256, 256, 1, false);
  return backbone + neck + head(52, 64) + head(26, 128) + head(13, 256);
}
