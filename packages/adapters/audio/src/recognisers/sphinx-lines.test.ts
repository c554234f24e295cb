import { describe, expect, test } from "vitest";
import { createSphinxReader } from "./sphinx-lines.ts";

const read = (lines: readonly string[], beforeSeconds = 0) => {
  const reader = createSphinxReader({ beforeSeconds });
  return [...lines.flatMap((line) => reader.push(line)), ...reader.end()];
};

const old = [
  "and then our",
  "<s> 0.000 0.040 0.998900",
  "and 0.050 0.160 0.032758",
  "our(3) 0.680 0.980 1.000300",
  "</s> 2.310 2.440 1.000000",
  "",
  "<s> 3.000 3.100 1.000000",
  "[NOISE] 3.110 3.400 1.000000",
  "</s> 3.410 3.500 1.000000",
  "not",
  "<s> 3.990 4.000 1.000000",
  "<sil> 4.010 4.090 0.500000",
  "not 4.100 4.300 0.817730",
];

describe("what pocketsphinx prints", () => {
  test("is read as utterances of words: no fillers, no marks of pronunciation, no probability above 1", () => {
    expect(read(old)).toEqual([
      [
        { text: "and", startSeconds: 0.05, endSeconds: 0.17, probability: 0.032758 },
        { text: "our", startSeconds: 0.68, endSeconds: 0.99, probability: 1 },
      ],
      [{ text: "not", startSeconds: 4.1, endSeconds: 4.31, probability: 0.81773 }],
    ]);
  });

  test("is read in the JSON of newer versions, too", () => {
    const line =
      '{"b":0.500,"d":1.000,"p":1.000,"t":"go ten","w":[{"b":0.500,"d":0.100,"p":1.000,"t":"<s>"},{"b":0.600,"d":0.250,"p":0.900,"t":"go"},{"b":0.850,"d":0.300,"p":0.700,"t":"ten(2)"}]}';
    expect(read([line, '{"b":2.0,"d":0.01,"p":1.0,"t":"","w":[]}', '{"b":3.0,"d":'])).toEqual([
      [
        { text: "go", startSeconds: 0.6, endSeconds: 0.85, probability: 0.9 },
        { text: "ten", startSeconds: 0.85, endSeconds: 1.15, probability: 0.7 },
      ],
    ]);
  });

  test("is placed where it is in the recording, when the program heard something before", () => {
    expect(
      read(old, 0.5).map((words) => words.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])),
    ).toEqual([[[0.18, 0.49]], [[3.6, 3.81]]]);
  });
});
