import { expect, test } from "vitest";
import { createVocabularySource } from "./vocabulary-source.ts";
import { parseVocabulary } from "./vocabulary.ts";

const file = "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n";

test("a vocabulary numbers its lines from 0, whatever the line ends", () => {
  for (const one of [file, file.trimEnd(), file.replaceAll("\n", "\r\n")]) {
    const vocabulary = parseVocabulary("m", one);
    expect(vocabulary).toMatchObject({ padId: 0, unknownId: 1, classifyId: 2, separatorId: 3 });
    expect([...vocabulary.ids]).toHaveLength(5);
    expect(vocabulary.specials).not.toContain("[MASK]");
  }
});

test("a vocabulary of another kind of model is refused, and what is missing is named", () => {
  expect(() => parseVocabulary("m", "<s>\n</s>\n")).toThrow(
    expect.objectContaining({
      code: "SG_TEXT_VOCABULARY",
      message: 'The vocabulary of model "m" has 2 tokens and no "[UNK]"',
    }),
  );
});

test("the vocabulary is read once, and again after a failure", async () => {
  const answers = [{}, { "vocab.txt": new Blob([file]) }];
  let reads = 0;
  const compute = {
    run: () => Promise.reject(new TypeError("no model here")),
    assets: async () => answers[reads++] ?? {},
  };
  const vocabularyOf = createVocabularySource("m");
  await expect(vocabularyOf(compute)).rejects.toMatchObject({ code: "SG_TEXT_VOCABULARY" });
  const first = await vocabularyOf(compute);
  expect(await vocabularyOf(compute)).toBe(first);
  expect(reads).toBe(2);
});
