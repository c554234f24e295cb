import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig } from "./load-config.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "stargate-config-"));
});
afterEach(() => rm(directory, { recursive: true }));
const write = (name: string, text: string) => writeFile(join(directory, name), text);

test("without a file everything has its default", async () => {
  const { config, file } = await loadConfig({ directory });
  expect(file).toBeNull();
  expect(config.server).toMatchObject({ host: "127.0.0.1", port: 8080 });
  expect(config.limits).toMatchObject({ maxBodyBytes: 2 ** 30, memoryBodyBytes: 2 ** 20 });
  expect(config.allow).toEqual({ pipelineSpecs: false, urlInputs: false, hosts: [], networks: [] });
});

test("an empty file is a valid one", async () => {
  await write("stargate.yaml", "# nothing yet\n");
  expect((await loadConfig({ directory })).config.server.port).toBe(8080);
});

test("reads YAML, with sizes in words", async () => {
  await write("stargate.yaml", "server: { port: 9000 }\nlimits:\n  maxBodyBytes: 1.5 GB\n  maxJsonBytes: 4 MiB\n");
  const { config, directory: base } = await loadConfig({ directory });
  expect(config.server.port).toBe(9000);
  expect(config.limits).toMatchObject({ maxBodyBytes: 1_500_000_000, maxJsonBytes: 4_194_304 });
  expect(base).toBe(directory);
});

test("reads TypeScript", async () => {
  await write("stargate.config.ts", "const port: number = 9001;\nexport default { server: { port } };\n");
  expect((await loadConfig({ directory })).config.server.port).toBe(9001);
});

test("flags win over the file", async () => {
  await write("stargate.yaml", "server: { port: 9000, host: 127.0.0.2 }\n");
  const { config } = await loadConfig({ directory, overrides: { port: 1234 } });
  expect(config.server).toMatchObject({ port: 1234, host: "127.0.0.2" });
});

test("an unknown field names file, path, line and the nearest field", async () => {
  await write("stargate.yaml", "limits:\n  maxPixels: 1000\n  maxBodyByte: 10\n");
  await expect(loadConfig({ directory })).rejects.toMatchObject({
    code: "SG_CONFIG_INVALID",
    message: expect.stringMatching(
      /stargate\.yaml: limits: \(line 2, column 3\) unknown field 'maxBodyByte' \(did you mean 'maxBodyBytes'\?\)/,
    ) as string,
    details: { problems: [{ path: "limits" }] },
  });
});

test("a wrong value names its path and what was expected", async () => {
  await write("stargate.yaml", "server:\n  port: eighty\nlimits:\n  maxBodyBytes: lots\n");
  await expect(loadConfig({ directory })).rejects.toMatchObject({
    code: "SG_CONFIG_INVALID",
    message: expect.stringMatching(
      /server\.port: \(line 2, column 9\) .*limits\.maxBodyBytes: \(line 4, column 17\) .*"512 MiB"/,
    ) as string,
  });
});

test("YAML that is none names line and column", async () => {
  await write("stargate.yaml", "server: {\n");
  await expect(loadConfig({ directory })).rejects.toMatchObject({
    code: "SG_CONFIG_UNREADABLE",
    message: expect.stringMatching(/stargate\.yaml:2:1: /) as string,
  });
});

test("TypeScript that fails keeps its cause", async () => {
  await write("stargate.config.ts", "throw new RangeError('no good');\n");
  await expect(loadConfig({ directory })).rejects.toMatchObject({
    code: "SG_CONFIG_UNREADABLE",
    message: expect.stringContaining("no good") as string,
    cause: { name: "RangeError" },
  });
});

test("a module without a default export says what to write", async () => {
  await write("stargate.config.ts", "export const port = 1;\n");
  await expect(loadConfig({ directory })).rejects.toMatchObject({
    code: "SG_CONFIG_UNREADABLE",
    hint: expect.stringContaining("export default") as string,
  });
});

test("two files side by side are not guessed between", async () => {
  await write("stargate.yaml", "");
  await write("stargate.config.ts", "export default {};\n");
  await expect(loadConfig({ directory })).rejects.toMatchObject({ code: "SG_CONFIG_UNREADABLE" });
  expect((await loadConfig({ directory, file: "stargate.yaml" })).file).toBe(join(directory, "stargate.yaml"));
});

test("a file that is not there is not ignored", async () => {
  await expect(loadConfig({ directory, file: "other.yaml" })).rejects.toMatchObject({ code: "SG_CONFIG_NOT_FOUND" });
});
