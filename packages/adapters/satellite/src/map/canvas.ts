import type { Pixels } from "@stargate/kernel";
import { FONT_ROWS, glyphsOf } from "./font.ts";

/** Red, green and blue, 0-255. */
export type Color = readonly [red: number, green: number, blue: number];

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Something to draw a map on: no anti-aliasing, no engine. What lies outside the clip is left out. */
export interface Canvas {
  readonly pixels: Pixels;
  /** Restricts what follows to a rectangle; everywhere when absent. */
  clip(rectangle?: Rectangle): void;
  set(x: number, y: number, color: Color): void;
  fill(rectangle: Rectangle, color: Color): void;
  /** A line of some width between two points; `dash` is the length of strokes and gaps. */
  line(from: Point, to: Point, style: LineStyle): void;
  /** The frame of a rectangle, inside it. */
  frame(rectangle: Rectangle, color: Color): void;
  /** A filled polygon. */
  polygon(points: readonly Point[], color: Color): void;
  /** Text with its upper left corner at a point. */
  text(text: string, at: Point, style: TextStyle): void;
}

export type Point = readonly [x: number, y: number];

export interface LineStyle {
  readonly color: Color;
  readonly width: number;
  readonly dash?: number;
}

export interface TextStyle {
  readonly color: Color;
  /** Pixels for each pixel of the font. */
  readonly size: number;
}

/** Height of a line of text, with what hangs below it. */
export function textHeight(size: number): number {
  return (FONT_ROWS + 2) * size;
}

export function textWidth(text: string, size: number): number {
  return (
    Math.max(
      0,
      glyphsOf(text).reduce((sum, { columns }) => sum + columns + 1, -1),
    ) * size
  );
}

/** The text, or its beginning with dots when it is wider than that. */
export function fittedText(text: string, size: number, maxWidth: number): string {
  if (textWidth(text, size) <= maxWidth) return text;
  let end = text.length;
  while (end > 0 && textWidth(`${text.slice(0, end)}...`, size) > maxWidth) end -= 1;
  return `${text.slice(0, end).trimEnd()}...`;
}

export function createCanvas(widthPixels: number, heightPixels: number, background: Color): Canvas {
  const data = new Uint8Array(widthPixels * heightPixels * 3);
  const whole = { left: 0, top: 0, width: widthPixels, height: heightPixels };
  let clip: Rectangle = whole;

  function set(x: number, y: number, [red, green, blue]: Color): void {
    if (x < clip.left || y < clip.top || x >= clip.left + clip.width || y >= clip.top + clip.height) return;
    const at = (y * widthPixels + x) * 3;
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
  }

  function fill({ left, top, width, height }: Rectangle, color: Color): void {
    for (let y = top; y < top + height; y++) for (let x = left; x < left + width; x++) set(x, y, color);
  }

  function line(from: Point, to: Point, { color, width, dash }: LineStyle): void {
    const length = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]));
    const steps = Math.max(1, Math.ceil(length));
    const before = Math.floor((width - 1) / 2);
    for (let step = 0; step <= steps; step++) {
      if (dash !== undefined && Math.floor(step / dash) % 2 === 1) continue;
      const x = Math.round(from[0] + ((to[0] - from[0]) * step) / steps) - before;
      const y = Math.round(from[1] + ((to[1] - from[1]) * step) / steps) - before;
      fill({ left: x, top: y, width, height: width }, color);
    }
  }

  function polygon(points: readonly Point[], color: Color): void {
    const rows = points.map(([, y]) => y);
    for (let y = Math.floor(Math.min(...rows)); y <= Math.max(...rows); y++) {
      const crossings = points
        .flatMap(([x0, y0], index) => {
          const [x1, y1] = points[(index + 1) % points.length] ?? [x0, y0];
          return y0 <= y + 0.5 === y1 <= y + 0.5 ? [] : [x0 + ((y + 0.5 - y0) / (y1 - y0)) * (x1 - x0)];
        })
        .toSorted((a, b) => a - b);
      for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
        const left = Math.round(crossings[pair] ?? 0);
        fill({ left, top: y, width: Math.round(crossings[pair + 1] ?? 0) - left, height: 1 }, color);
      }
    }
  }

  function text(written: string, [left, top]: Point, { color, size }: TextStyle): void {
    let x = Math.round(left);
    for (const glyph of glyphsOf(written)) {
      for (const [row, bits] of glyph.rows.entries()) {
        for (let column = 0; column < glyph.columns; column++) {
          if ((bits & (16 >> (glyph.left + column))) === 0) continue;
          fill({ left: x + column * size, top: Math.round(top) + row * size, width: size, height: size }, color);
        }
      }
      x += (glyph.columns + 1) * size;
    }
  }

  fill(whole, background);
  return {
    pixels: { data, widthPixels, heightPixels, channels: 3 },
    clip: (rectangle = whole) => {
      clip = rectangle;
    },
    set,
    fill,
    line,
    frame: ({ left, top, width, height }, color) => {
      fill({ left, top, width, height: 1 }, color);
      fill({ left, top: top + height - 1, width, height: 1 }, color);
      fill({ left, top, width: 1, height }, color);
      fill({ left: left + width - 1, top, width: 1, height }, color);
    },
    polygon,
    text,
  };
}
