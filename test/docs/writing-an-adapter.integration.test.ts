import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openOutsideFolder, type OutsideFolder } from "../support/outside-folder.ts";

/** A fenced block of the guide: ```ts file=src/index.ts run */
interface Block {
  readonly language: string;
  readonly file: string | undefined;
  readonly runs: boolean;
  readonly text: string;
}

function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = "", facts = "", text = ""]) => ({
      language,
      file: /file=(\S+)/.exec(facts)?.[1],
      runs: / run\b/.test(facts),
      text,
    }),
  );
}

describe("docs/writing-an-adapter.md", () => {
  let folder: OutsideFolder;
  let blocks: readonly Block[];

  beforeAll(async () => {
    blocks = blocksOf(await readFile(resolve(import.meta.dirname, "../../docs/writing-an-adapter.md"), "utf8"));
    folder = await openOutsideFolder();
    for (const { file, text } of blocks) {
      if (file === undefined) continue;
      await mkdir(dirname(join(folder.path, file)), { recursive: true });
      await writeFile(join(folder.path, file), text);
    }
  });

  afterAll(async () => folder[Symbol.asyncDispose]());

  test("leads from an empty folder to a green conformance run", async () => {
    const commands = blocks.filter(({ language, runs }) => language === "sh" && runs).map(({ text }) => text.trim());
    expect(commands).toEqual(["npx vitest run"]);
    expect((await folder.vitest()).stdout).toMatch(/Tests {2}\d{2} passed/);
  });

  test("has programs that run as they stand", async () => {
    const programs = blocks.filter(({ language, runs }) => language === "ts" && runs);
    expect(programs.map(({ file }) => file)).toEqual(["main.ts"]);
    const { stdout } = await folder.node("main.ts");
    expect(stdout).toContain("be: 2");
    expect(stdout).toContain("measure: 'character'");
  });

  test("is a red run when the adapter is broken", async () => {
    const source = join(folder.path, "src/index.ts");
    await writeFile(source, (await readFile(source, "utf8")).replace("z.strictObject", "z.looseObject"));
    await expect(folder.vitest()).rejects.toMatchObject({
      stdout: expect.stringContaining("refuses unknown options") as string,
    });
  });
});
