import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import bigAnswers, { SIZE_BYTES } from "./support/big-answers.ts";
import { oneStep } from "./support/demo-adapter.ts";
import { acceptedJob, jobIn } from "./support/job-client.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";
import { openTestTerminal } from "./support/test-terminal.ts";

// Answers too large for memory are files in the run's temporary place: they must still be there when the answer is sent.

const fill = oneStep("fill", "big.fill");
const isWhole = (text: string): boolean => text === "x".repeat(SIZE_BYTES); // not shown when it is not

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ pipelines: [fill] }, [bigAnswers]);
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function filesLeft(): Promise<readonly string[]> {
  const entries = await readdir(join(gateway.directory, "scratch"), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

test("an answer that is a file is sent whole, and the file is gone afterwards", async () => {
  const response = await gateway.fetch("/v1/pipelines/fill", {
    method: "POST",
    headers: { "content-type": "text/plain" },
    body: "xyz",
  });
  expect(response.status).toBe(200);
  expect(await response.text()).toSatisfy(isWhole);
  await expect.poll(filesLeft).toEqual([]);
});

test("so is the result of a job", async () => {
  const { id } = await acceptedJob(gateway.url, "fill", "xyz");
  await jobIn(gateway.url, id, "succeeded");
  const response = await gateway.fetch(`/v1/jobs/${id}/result`);
  expect(await response.text()).toSatisfy(isWhole);
  await expect.poll(filesLeft).toEqual([]);
});

test("on the command line it lands where it should", async () => {
  await using terminal = await openTestTerminal();
  const { href } = new URL("./support/big-answers.ts", import.meta.url);
  await terminal.write(
    "stargate.config.ts",
    `import big from ${JSON.stringify(href)};\nexport default { adapters: [big], pipelines: [${JSON.stringify(fill)}] };\n`,
  );
  await writeFile(join(terminal.directory, "a.txt"), "xyz");
  const { code, err } = await terminal.cli(["run", "a.txt", "--pipeline", "fill", "--out", "a.bin"]);
  expect([code, err]).toEqual([0, expect.any(String)]);
  expect(await readFile(join(terminal.directory, "a.bin"), "utf8")).toSatisfy(isWhole);
});
