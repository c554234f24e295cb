import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);

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

// Outside the guide's own words: where the packages of this checkout are found, and that they are read from source.
const vitestConfig = `export default { resolve: { conditions: ["@stargate/source", "module", "node", "development|production"] }, ssr: { resolve: { conditions: ["@stargate/source", "module", "node", "development|production"] } } };`;
const { FORCE_COLOR: _inherited, ...inherited } = process.env;
const environment = { ...inherited, NODE_OPTIONS: "--conditions=@stargate/source", NO_COLOR: "1" };

describe("docs/writing-an-adapter.md", () => {
  let folder: string;
  let blocks: readonly Block[];

  beforeAll(async () => {
    blocks = blocksOf(await readFile(join(root, "docs/writing-an-adapter.md"), "utf8"));
    folder = await mkdtemp(join(tmpdir(), "stargate-guide-"));
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "vitest.config.mjs"), vitestConfig);
    for (const { file, text } of blocks) {
      if (file === undefined) continue;
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
  });

  afterAll(async () => rm(folder, { recursive: true, force: true }));

  test("leads from an empty folder to a green conformance run", async () => {
    expect(blocks.filter(({ language, runs }) => language === "sh" && runs).map(({ text }) => text.trim())).toEqual([
      "npx vitest run",
    ]);
    const { stdout } = await run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--root", folder], {
      cwd: folder,
      env: environment,
    });
    expect(stdout).toMatch(/Tests {2}\d{2} passed/);
  });

  test("has programs that run as they stand", async () => {
    const programs = blocks.filter(({ language, runs }) => language === "ts" && runs);
    expect(programs.map(({ file }) => file)).toEqual(["main.ts"]);
    const { stdout } = await run(process.execPath, ["main.ts"], { cwd: folder, env: environment });
    expect(stdout).toContain("be: 2");
    expect(stdout).toContain("measure: 'character'");
  });

  test("is a red run when the adapter is broken", async () => {
    const broken = (await readFile(join(folder, "src/index.ts"), "utf8")).replace("z.strictObject", "z.looseObject");
    await writeFile(join(folder, "src/index.ts"), broken);
    await expect(
      run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--root", folder], {
        cwd: folder,
        env: environment,
      }),
    ).rejects.toMatchObject({ stdout: expect.stringContaining("refuses unknown options") as string });
  });
});
