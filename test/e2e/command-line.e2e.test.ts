import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPdfText } from "../support/read-pdf-text.ts";

const root = resolve(import.meta.dirname, "../..");
const scan = join(root, "examples/assets/scan.png");

describe("stargate run on a scan", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "stargate-cli-"));
  });

  afterAll(async () => rm(folder, { recursive: true, force: true }));

  const stargate = (...args: string[]) =>
    promisify(execFile)(
      process.execPath,
      ["--conditions=@stargate/source", join(root, "packages/server/src/cli/main.ts"), ...args],
      { cwd: folder },
    );

  test("prints the text, and on the other channel how complete it is", async () => {
    const { stdout, stderr } = await stargate("run", scan, "--to", "text");
    expect(stdout).toContain("Please send 40 more before the rains begin.");
    expect(stderr).toContain("1 of 1 pages");
  });

  test("writes what the text is made from when the file wanted cannot hold text alone", async () => {
    await stargate("run", scan, "--to", "text", "--out", "letter.pdf");
    const [page] = await readPdfText(await readFile(join(folder, "letter.pdf")));
    expect(page?.map(({ text }) => text).join(" ")).toContain("rehydration");
  });

  test("refuses an extension that nothing on the way can be written as", async () => {
    await expect(stargate("run", scan, "--to", "text", "--out", "letter.png")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("cannot be written as .png") as string,
    });
  });
});
