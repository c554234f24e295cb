import type { RunEvent } from "@stargate/kernel";
import { z } from "zod";

/** How quickly and how steadily live sound became text. Milliseconds of the gateway's clock. */
export interface LiveFigures {
  /** Sound that came in. */
  readonly seconds: number;
  readonly segments: number;
  /** From the first sound to the first partial or final text. */
  readonly firstTextMs: number | null;
  /** From the sound of a segment's end to the segment being final; null without segments. */
  readonly latencyMs: { readonly mean: number; readonly most: number } | null;
  /** Share of the words of partial texts that stood in the final text at the same place, 0-1; null without partial texts. */
  readonly stability: number | null;
}

const partialSchema = z.looseObject({ text: z.string() });
const segmentSchema = z.looseObject({ text: z.string(), endSeconds: z.number() });

/** What sums of float64 seconds may be off by. */
const TOLERANCE_SECONDS = 1e-6;

/** Measures a live run by what comes in and what it tells: `segment-delta` with the text so far, `segment-end`. */
export class LiveReport {
  readonly #nowMs: () => number;
  /** Pieces of sound whose segments are not final yet. */
  #arrivals: { readonly endSeconds: number; readonly atMs: number }[] = [];
  #partials: string[] = [];
  #seconds = 0;
  #firstSoundMs: number | undefined;
  #firstTextMs: number | undefined;
  #latenciesMs: number[] = [];
  #segments = 0;
  #words = 0;
  #steadyWords = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Sound has come in up to here. */
  heard({ endSeconds }: { readonly endSeconds: number }): void {
    const atMs = this.#nowMs();
    this.#firstSoundMs ??= atMs;
    this.#seconds = endSeconds;
    this.#arrivals.push({ endSeconds, atMs });
  }

  told(event: RunEvent): void {
    if (event.type !== "emit") return;
    if (event.name === "segment-delta") {
      const partial = partialSchema.safeParse(event.data);
      if (partial.success) this.#partial(partial.data.text);
    }
    if (event.name === "segment-end") {
      const segment = segmentSchema.safeParse(event.data);
      if (segment.success) this.#final(segment.data);
    }
  }

  figures(): LiveFigures {
    const [seconds, segments, count] = [this.#seconds, this.#segments, this.#latenciesMs.length];
    return {
      seconds,
      segments,
      firstTextMs:
        this.#firstTextMs === undefined
          ? null
          : Math.round(this.#firstTextMs - (this.#firstSoundMs ?? this.#firstTextMs)),
      latencyMs:
        count === 0
          ? null
          : {
              mean: Math.round(this.#latenciesMs.reduce((sum, ms) => sum + ms, 0) / count),
              most: Math.round(this.#latenciesMs.reduce((most, ms) => Math.max(most, ms), 0)),
            },
      stability: this.#words === 0 ? null : this.#steadyWords / this.#words,
    };
  }

  #partial(text: string): void {
    this.#firstTextMs ??= this.#nowMs();
    this.#partials.push(text);
  }

  #final({ text, endSeconds }: z.output<typeof segmentSchema>): void {
    const nowMs = this.#nowMs();
    this.#firstTextMs ??= nowMs;
    this.#segments += 1;
    const arrival = this.#arrivals.find((piece) => piece.endSeconds >= endSeconds - TOLERANCE_SECONDS);
    if (arrival !== undefined) this.#latenciesMs.push(nowMs - arrival.atMs);
    this.#arrivals = this.#arrivals.filter((piece) => piece.endSeconds >= endSeconds - TOLERANCE_SECONDS);
    const words = wordsOf(text);
    for (const partial of this.#partials) {
      const said = wordsOf(partial);
      this.#words += said.length;
      this.#steadyWords += said.filter((word, index) => words[index] === word).length;
    }
    this.#partials = [];
  }
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
