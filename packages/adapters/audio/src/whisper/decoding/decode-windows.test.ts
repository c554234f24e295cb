import { describe, expect, test } from "vitest";
import { END, scriptedStart, type Script } from "../../../test/scripted-whisper.ts";
import { searchBeams } from "./beam-search.ts";
import { type DecodeOptions, decodeWindows, isSilent } from "./decode-windows.ts";
import { createRandom } from "./random.ts";
import { sampleSequences } from "./sample-sequences.ts";
import { averageLogprob, bestSequence } from "./sequence.ts";

const letters = { decode: (ids: readonly number[]) => ids.map((id) => "abcdefghij"[id]).join("") };
const options: DecodeOptions = {
  temperatures: [0],
  patience: 1,
  bestOf: 1,
  compressionRatioThreshold: 2.4,
  logprobThreshold: -1,
  noSpeechThreshold: 0.6,
  seed: 1,
};
/** Says these tokens, then the end. */
const saying =
  (...text: readonly number[]): Script =>
  (said) =>
    text[said.length] ?? END;
const random = createRandom(1);

describe("the likeliest sequence", () => {
  test("goes on until the end is said, with the caches of what was said", async () => {
    const { start, steps } = scriptedStart(saying(1, 2, 3));
    const [found] = await sampleSequences(start, { rows: [0], temperature: 0, random });
    expect(found?.tokens).toEqual([1, 2, 3]);
    expect(steps).toEqual([1, 1, 1]);
  });

  test("stops at the most tokens, and when the context is full", async () => {
    const endless: Script = () => 1;
    const short = scriptedStart(endless, { maxTokens: 4 });
    expect((await sampleSequences(short.start, { rows: [0], temperature: 0, random }))[0]?.tokens).toHaveLength(4);
    const full = scriptedStart(endless, { maxTokens: 1000 });
    // Three tokens were there; a step that has made it longer than 448 is the last.
    expect((await sampleSequences(full.start, { rows: [0], temperature: 0, random }))[0]?.tokens).toHaveLength(446);
  });

  test("of several windows is each its own, and those that ended are not run on", async () => {
    const texts = [[1], [1, 2, 3], [4, 5]];
    const { start, steps } = scriptedStart((said, row) => texts[row]![said.length] ?? END, { rows: 3 });
    const found = await sampleSequences(start, { rows: [0, 1, 2], temperature: 0, random });
    expect(found.map(({ tokens }) => tokens)).toEqual(texts);
    expect(steps).toEqual([3, 2, 1]);
  });

  test("counts the log-probability of the end as well", async () => {
    const { start } = scriptedStart(() => ({ 1: 0, [END]: 0 }), { maxTokens: 1 });
    const [found] = await sampleSequences(start, { rows: [0], temperature: 0, random });
    // The end is not allowed first, so the only text is sure.
    expect(averageLogprob(found!)).toBeCloseTo(0, 5);
    const even = scriptedStart((said) => (said.length === 0 ? 1 : { [END]: 0, 2: 0 }), { maxTokens: 2 });
    const [half] = await sampleSequences(even.start, { rows: [0], temperature: 0, random });
    expect(half?.tokens).toEqual([1, 2]);
    expect(averageLogprob(half!)).toBeCloseTo(Math.log(0.5) / 3, 5);
  });
});

describe("sampling", () => {
  test("gives the same for the same seed, and follows the probabilities", async () => {
    const script: Script = (said) => (said.length === 0 ? { 1: 0, 2: Math.log(3) } : END);
    const draw = async (seed: number) => {
      const { start } = scriptedStart(script);
      const rows = Array.from({ length: 400 }, () => 0);
      const found = await sampleSequences(start, { rows, temperature: 1, random: createRandom(seed) });
      return found.map(({ tokens }) => tokens[0]);
    };
    const first = await draw(5);
    expect(await draw(5)).toEqual(first);
    expect(await draw(6)).not.toEqual(first);
    const share = first.filter((token) => token === 2).length / first.length;
    expect(Math.abs(share - 0.75)).toBeLessThan(0.1);
  });

  test("at a low temperature is the likeliest", async () => {
    const { start } = scriptedStart((said) => (said.length === 0 ? { 1: 0, 2: 1 } : END));
    const found = await sampleSequences(start, {
      rows: Array.from({ length: 50 }, () => 0),
      temperature: 0.01,
      random,
    });
    expect(new Set(found.map(({ tokens }) => tokens[0]))).toEqual(new Set([2]));
  });
});

describe("beams", () => {
  /** The likeliest first token leads nowhere good: 1 (0.6) then 3 or 4 (0.5 each); 2 (0.4) then surely 5. */
  const garden: Script = (said) => {
    if (said.length === 0) return { 1: Math.log(0.6), 2: Math.log(0.4) };
    if (said.length === 1) return said[0] === 1 ? { 3: 0, 4: 0 } : 5;
    return END;
  };

  test("find what the likeliest next token misses", async () => {
    const { start } = scriptedStart(garden);
    const [greedy] = await sampleSequences(start, { rows: [0], temperature: 0, random });
    expect(greedy?.tokens[0]).toBe(1);
    const found = await searchBeams(start, { row: 0, beamSize: 2, patience: 1 });
    const best = bestSequence(found, undefined);
    expect(best.tokens).toEqual([2, 5]);
    expect(Math.exp(best.sumLogprob)).toBeCloseTo(0.4, 3);
  });

  test("offer one token more than there are beams, so that an end leaves enough of them", async () => {
    // After the first token the end is likely, but two others together with it are the three best.
    const { start, steps } = scriptedStart((said) => (said.length === 1 ? { [END]: 1, 2: 0.5, 3: 0 } : 1), {
      maxTokens: 3,
    });
    await searchBeams(start, { row: 0, beamSize: 2, patience: 3 });
    expect(steps).toEqual([2, 2]);
    const one = scriptedStart((said) => (said.length === 1 ? { [END]: 1, 2: 0.5 } : said.length > 2 ? END : 1));
    const found = await searchBeams(one.start, { row: 0, beamSize: 1, patience: 2 });
    expect(found.map(({ tokens }) => tokens)).toEqual([[1], [1, 2, 1]]);
  });

  test("with patience wait for more endings", async () => {
    const { start } = scriptedStart(garden);
    expect(await searchBeams(start, { row: 0, beamSize: 2, patience: 1 })).toHaveLength(2);
    expect((await searchBeams(start, { row: 0, beamSize: 2, patience: 2 })).length).toBeGreaterThan(2);
  });

  test("that have not ended count when too few have", async () => {
    const { start } = scriptedStart(() => ({ 1: 0, 2: -1 }), { maxTokens: 3 });
    const found = await searchBeams(start, { row: 0, beamSize: 3, patience: 1 });
    expect(found.map(({ tokens }) => tokens.length)).toEqual([3, 3, 3]);
    expect(found[0]?.tokens).toEqual([1, 1, 1]);
  });

  test("of one window listen to that window", async () => {
    const { start } = scriptedStart((said, row) => (said.length === 0 ? row + 1 : END), { rows: 3 });
    const found = await searchBeams(start, { row: 2, beamSize: 2, patience: 1 });
    expect(bestSequence(found, undefined).tokens).toEqual([3]);
  });
});

describe("the best of several sequences", () => {
  const short = { tokens: [1], sumLogprob: -1 };
  const long = { tokens: [1, 2, 3, 4], sumLogprob: -3 };

  test("is the likeliest for its length", () => {
    expect(bestSequence([short, long], undefined)).toBe(long);
  });

  test("with a length penalty of 0 is the likeliest, with 1 it is nearly so", () => {
    expect(bestSequence([short, long], 0)).toBe(short);
    expect(bestSequence([short, { ...long, sumLogprob: -1.2 }], 1)).toEqual({ ...long, sumLogprob: -1.2 });
  });
});

describe("a window that did not turn out well", () => {
  /** At first the same letter for ever; a drawn first token leads out of it. */
  const stuck: Script = (said) => {
    if (said.length === 0) return { 1: 0, 2: -0.5 };
    return said[0] === 1 && said.length < 60 ? 1 : END;
  };

  test("is decoded again, warmer, when it repeats itself", async () => {
    const { start } = scriptedStart(stuck, { maxTokens: 100 });
    const temperatures = [0, 0.2, 0.4, 0.6, 0.8, 1];
    const [found] = await decodeWindows(start, letters, [0], { ...options, temperatures });
    expect(found?.text).toBe("c");
    expect(found?.temperature).toBeGreaterThan(0);
  });

  test("stays as it is when all temperatures were tried", async () => {
    const { start } = scriptedStart(saying(...Array.from({ length: 60 }, () => 1)), { maxTokens: 100 });
    const [found] = await decodeWindows(start, letters, [0], { ...options, temperatures: [0, 0.5] });
    expect([found?.temperature, found?.text.length]).toEqual([0.5, 60]);
    expect(found?.compressionRatio).toBeGreaterThan(2.4);
  });

  /** Four words as likely as one another: a mean log-probability of about -1.2. */
  const unsure: Script = (said) => (said.length < 5 ? { 1: 0, 2: 0, 3: 0, 4: 0 } : END);

  test("is decoded again when it is unsure, but not when nobody speaks", async () => {
    const { start } = scriptedStart(unsure);
    const ask = async (noSpeech: number) =>
      (await decodeWindows(start, letters, [noSpeech], { ...options, temperatures: [0, 0.8] }))[0]?.temperature;
    expect([await ask(0.1), await ask(0.7)]).toEqual([0.8, 0]);
  });

  test("is the only one that is decoded again", async () => {
    const { start, steps } = scriptedStart((said, row) => (row === 1 ? stuck(said, 0) : saying(4, 5)(said, 0)), {
      rows: 3,
      maxTokens: 100,
    });
    const found = await decodeWindows(start, letters, [0, 0, 0], { ...options, temperatures: [0, 0.5, 1] });
    expect([found[0]?.text, found[0]?.temperature, found[2]?.text]).toEqual(["ef", 0, "ef"]);
    expect(found[1]?.temperature).toBeGreaterThan(0);
    expect(steps.slice(0, 3)).toEqual([3, 3, 1]);
  });

  test("gets the best of several draws, and beams only while nothing is drawn", async () => {
    const { start, steps } = scriptedStart(unsure);
    const [found] = await decodeWindows(start, letters, [0], {
      ...options,
      temperatures: [0, 1],
      beamSize: 2,
      bestOf: 3,
    });
    expect(found?.temperature).toBe(1);
    expect([steps[0], steps.at(-1)]).toEqual([2, 3]);
  });
});

test.for([
  [0.7, -1.5, true],
  [0.7, -0.5, false],
  [0.5, -1.5, false],
] as const)("a window with no-speech %d and log-probability %d is silent: %s", ([noSpeech, avgLogprob, silent]) => {
  const window = { tokens: [], text: "", temperature: 0, avgLogprob, compressionRatio: 1 };
  expect(isSilent(window, noSpeech, options)).toBe(silent);
});
