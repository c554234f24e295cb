import { type Transcript, transcript as transcriptModality, type TranscriptWord } from "@stargate/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redactOptionsSchema } from "./redact-options.ts";
import { redactTranscript } from "./redact-transcript.ts";

const options = redactOptionsSchema.parse({ words: ["falcon"] });

/** A transcript whose words take a second each; segments as given, with a space before each as Whisper has it. */
function spoken(...texts: readonly string[]): Transcript {
  let at = 0;
  const segments = texts.map((text) => {
    const startSeconds = at;
    const words = text.split(/\s+/).map((word): TranscriptWord => {
      at++;
      return { text: word, startSeconds: at - 1, endSeconds: at - 0.25, probability: 0.5 };
    });
    return { startSeconds, endSeconds: at, text: ` ${text}`, words, tokens: [1, 2, 3] };
  });
  return {
    text: texts.join(" "),
    language: "en",
    task: "transcribe",
    durationSeconds: at,
    segments,
    recogniser: { name: "test", quality: 1 },
  };
}

describe("a redacted transcript", () => {
  test("has a number that is said over several words as one word, from the first to the last", () => {
    const { transcript, replaced } = redactTranscript(
      spoken("Take (4111 1111 1111 1111), please.", "Thanks."),
      options,
    );
    expect(transcript.text).toBe("Take ([card]), please. Thanks.");
    expect(transcript.segments.map(({ text }) => text)).toEqual([" Take ([card]), please.", " Thanks."]);
    expect(transcript.segments[0]?.words).toEqual([
      { text: "Take", startSeconds: 0, endSeconds: 0.75, probability: 0.5 },
      { text: "([card]),", startSeconds: 1, endSeconds: 4.75 },
      { text: "please.", startSeconds: 5, endSeconds: 5.75, probability: 0.5 },
    ]);
    expect(transcript.segments.map(({ tokens }) => tokens)).toEqual([undefined, [1, 2, 3]]);
    expect(replaced).toEqual({ card: 1 });
  });

  test("masks what is said across two segments in both", () => {
    const { transcript, replaced } = redactTranscript(spoken("It is 4111 1111", "1111 1111 then"), options);
    expect(transcript.text).toBe("It is [card] [card] then");
    expect(transcript.segments.map(({ text }) => text)).toEqual([" It is [card]", " [card] then"]);
    expect(transcript.segments.map(({ words }) => words?.at(-1)?.text)).toEqual(["[card]", "then"]);
    expect(replaced).toEqual({ card: 1 });
  });

  test("puts the whole text together of its segments, where they do not stand in it", () => {
    const given = { ...spoken("Falcon flies", "to falcon."), text: "Something about the falcon" };
    expect(redactTranscript(given, options).transcript.text).toBe("[word] flies to [word].");
  });

  test("masks words that are not those of the text by themselves", () => {
    const [segment] = spoken("Ask for falcon now").segments;
    const given = { ...spoken(), text: "Ask for it now", durationSeconds: 9, segments: [{ ...segment!, text: "Ask for it now" }] }; // prettier-ignore
    expect(redactTranscript(given, options).transcript.segments[0]?.words?.map(({ text }) => text)).toEqual([
      "Ask",
      "for",
      "[word]",
      "now",
    ]);
  });

  test("masks text that is in no segment", () => {
    const given = { ...spoken("then we go"), text: "Falcon first, then we go, falcon." };
    expect(redactTranscript(given, options).transcript.text).toBe("[word] first, then we go, [word].");
  });

  test("is what it was where there is nothing to replace", () => {
    const given = spoken("Nothing to see here.", "Really.");
    expect(redactTranscript(given, options)).toEqual({ transcript: given, replaced: {} });
  });
});

test("text, segments and words say the same, in a valid order, and nothing that was found is left", () => {
  const word = fc.constantFrom("so", "falcon", "Falcon,", "4111", "1111", "(1111", "1111)", "five", "ada@example.org.", "at", "dot", "fuck-falcon", "falcon,4111", "+49", "30901820"); // prettier-ignore
  const texts = fc.array(
    fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(" ")),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(texts, (said) => {
      const given = spoken(...said);
      const { transcript, replaced } = redactTranscript(given, options);
      expect(transcriptModality.schema.safeParse(transcript).error).toBeUndefined();
      expect(transcript.segments.map(({ text }) => text.trim()).join(" ")).toBe(transcript.text);
      for (const { text, words = [] } of transcript.segments)
        expect(words.map((one) => one.text).join(" ")).toBe(text.trim());
      expect(transcript.text).not.toMatch(/falcon|@|fuck/i);
      expect(Object.keys(replaced).length > 0).toBe(transcript.text !== given.text);
      const spans = transcript.segments.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);
      expect(spans).toEqual(given.segments.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]));
    }),
    { numRuns: 300 },
  );
});
