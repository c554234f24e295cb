import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sha256Of, startModelServer, type ModelServer } from "../../../test/support/model-server.ts";
import { exitCodes } from "../src/cli/exit-codes.ts";
import type { Terminal } from "../src/cli/terminal.ts";
import { openTestTerminal, type TestTerminal } from "./support/test-terminal.ts";

const body = Buffer.alloc(2_000_000, "weights ");
const sha256 = sha256Of(body);

let server: ModelServer;
let terminal: TestTerminal;
beforeEach(async () => {
  server = await startModelServer();
  terminal = await openTestTerminal();
  server.files.set("/m.onnx", { body });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await terminal[Symbol.asyncDispose]();
});

/** A configuration without adapters that may fetch from the test's server and declares two models there. */
async function configure(models: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const url = server.url("/m.onnx");
  const declare = { mine: { urls: url, sha256, licence: "MIT" }, loose: { urls: url } };
  const config = {
    adapters: [],
    allow: { hosts: [new URL(url).host], networks: ["127.0.0.1"] },
    models: { ...models, declare },
  };
  await terminal.write("stargate.yaml", JSON.stringify(config));
}
const models = (args: string, overrides: Partial<Terminal> = {}) =>
  terminal.cli(["models", ...args.split(" ")], overrides);
const stored = () => readdir(join(terminal.directory, ".stargate/models/blobs/sha256"));

describe("stargate models pull", () => {
  test("downloads, verifies and says where everything is", async () => {
    await configure();
    const { code, out, err } = await models("pull mine");
    expect(code).toBe(exitCodes.ok);
    expect(out).toBe(`mine 1.0.0 default is ready (MIT)\n  m.onnx  sha256 ${sha256}, downloaded\n`);
    expect(err).toContain("mine m.onnx: 1.9 MiB of 1.9 MiB\n");
    expect(await stored()).toEqual([sha256]);
    expect((await models("pull mine")).out).toContain("was here");
    expect(server.asked).toHaveLength(1);
  });

  test("answers as JSON", async () => {
    await configure();
    const { out } = await models("pull mine --json");
    expect(JSON.parse(out)).toMatchObject({
      pulled: [{ model: "mine", variant: "default", files: [{ name: "m.onnx", sha256, place: "store", isNew: true }] }],
    });
  });

  test("goes on where an interrupted one ended", async () => {
    await configure();
    server.files.set("/m.onnx", { body, stalls: [1_500_000] });
    const abort = new AbortController();
    let tenths = 0;
    const pulling = models("pull mine", { signal: abort.signal, err: () => void (++tenths === 7 && abort.abort()) });
    expect((await pulling).code).toBe(exitCodes.interrupted);
    const { code } = await models("pull mine");
    expect(code).toBe(exitCodes.ok);
    expect(server.asked.at(-1)?.range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test("without names takes what the configuration allows at run time", async () => {
    await configure({ allow: ["mine"] });
    expect((await models("pull")).out).toContain("mine 1.0.0 default is ready");
    await configure();
    expect(await models("pull")).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining("Run stargate models list for the names.") as string,
    });
  });

  test("checks all names before the first byte comes", async () => {
    await configure();
    const { code, err } = await models("pull mine lose");
    expect(code).toBe(exitCodes.input);
    expect(err).toContain("There is no model \"lose\" (did you mean 'loose'?)");
    expect(server.asked).toEqual([]);
  });

  test("names the variants there are", async () => {
    await configure();
    const { code, err } = await models("pull mine --variant int8");
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain('mine has no variant "int8"; it has default');
  });

  test("takes a file without a declared digest only when told to", async () => {
    await configure();
    const refused = await models("pull loose");
    expect(refused.code).toBe(exitCodes.input);
    expect(refused.err).toContain("hint: Run stargate models pull loose --accept to trust it from now on.");
    expect((await models("pull loose --accept")).out).toContain(`sha256 ${sha256} (accepted), downloaded`);
  });

  test("refuses other bytes than declared", async () => {
    await configure();
    server.files.set("/m.onnx", { body: Buffer.alloc(2_000_000, "Weights ") });
    const { code, err } = await models("pull mine --json");
    expect(code).toBe(exitCodes.input);
    expect(JSON.parse(err.trim().split("\n").at(-1) ?? "")).toMatchObject({ error: { code: "SG_MODEL_DIGEST" } });
    await expect(stored()).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("reaches no host that is not allowed, and says where to allow it", async () => {
    await terminal.write(
      "stargate.yaml",
      JSON.stringify({
        adapters: [],
        models: { declare: { mine: { urls: "https://models.invalid/m.onnx", sha256 } } },
      }),
    );
    const { code, err } = await models("pull mine");
    expect(code).toBe(exitCodes.unavailable);
    expect(err).toContain('hint: Add "models.invalid" to allow.hosts in the configuration');
  });

  test("reaches nothing where nothing may be fetched", async () => {
    await configure({ fetch: "never" });
    const { code, err } = await models("pull mine");
    expect(code).toBe(exitCodes.unavailable);
    expect(err).toContain('models.fetch is "never"');
    expect(server.asked).toEqual([]);
  });
});

describe("stargate models list", () => {
  test("shows what is ready and what is not", async () => {
    await configure();
    await models("pull mine");
    const { out } = await models("list");
    expect(out).toMatch(/^ready +mine 1\.0\.0 +default +\? +MIT +Declared in the configuration$/m);
    expect(out).toMatch(/^unaccepted +loose 1\.0\.0 +default +\? +NOASSERTION, no sha256/m);
    expect(out).toMatch(/^absent +silero-vad 6\.2\.1 +fp32 +1\.2 MiB +MIT/m);
    const listed = JSON.parse((await models("list --json")).out) as {
      models: readonly { model: string; state: string }[];
    };
    expect(listed.models.find(({ model }) => model === "mine")).toMatchObject({ state: "ready", isPinned: true });
  });

  test("finds what lies in the folders of STARGATE_MODELS", async () => {
    await configure();
    await mkdir(join(terminal.directory, "usb"));
    await writeFile(join(terminal.directory, "usb/m.onnx"), body);
    const environment = { STARGATE_MODELS: join(terminal.directory, "usb") };
    expect((await models("list", { environment })).out).toMatch(/^ready +mine/m);
    expect((await models("pull mine", { environment })).out).toContain("in place, ");
  });

  test("names adapters that cannot be opened, and goes on", async () => {
    await terminal.write("stargate.yaml", "adapters: ['@acme/none']\n");
    const { code, err } = await models("list");
    expect(code).toBe(exitCodes.ok);
    expect(err).toBe('warning: The adapter "@acme/none" is not installed\n');
  });
});

test("a bundle carries a model to a machine without a network", async () => {
  await configure();
  await models("pull mine");
  const bundled = await models("bundle mine --out models.tar");
  expect(bundled.out).toMatch(/^mine 1\.0\.0 default\n.*models\.tar: 1\.9 MiB, sha256 [0-9a-f]{64}\n$/);
  const bundle = await readFile(join(terminal.directory, "models.tar"));

  await using other = await openTestTerminal();
  const declare = { mine: { urls: "https://models.invalid/m.onnx", sha256 } };
  await other.write("stargate.yaml", JSON.stringify({ adapters: [], models: { fetch: "never", declare } }));
  async function* stdin() {
    yield new Uint8Array(bundle);
  }
  expect((await other.cli(["models", "load", "-"], { stdin: stdin() })).out).toBe("mine 1.0.0 default\n1 new file\n");
  expect((await other.cli(["models", "list"])).out).toMatch(/^ready +mine/m);
  expect(await other.cli(["models", "verify"])).toMatchObject({ code: 0, out: `ok         blob ${sha256}\n` });
});

test("bundle and load name what is missing", async () => {
  await configure();
  expect((await models("bundle mine")).err).toContain("hint: Add --out models.tar");
  expect((await models("bundle mine --out x.tar")).err).toContain("None of these models is on this machine: mine");
  expect((await models("load none.tar")).err).toContain("There is no file none.tar");
  await terminal.write("text.tar", "no archive");
  expect(await models("load text.tar")).toMatchObject({ code: exitCodes.input });
});

test("verify finds a flipped byte; gc removes what is left of it", async () => {
  await configure();
  await models("pull mine");
  const folder = join(terminal.directory, ".stargate/models/blobs/sha256");
  await writeFile(join(folder, "0".repeat(64)), "other bytes");
  const { code, out } = await models("verify");
  expect(code).toBe(exitCodes.problems);
  expect(out).toMatch(/^damaged {4}blob 0{64}: its sha256 is [0-9a-f]{64}, not 0{64}; it was put into quarantine$/m);
  expect(await stored()).toEqual([sha256]);
  expect((await models("gc")).out).toBe(`removed quarantined ${"0".repeat(64)}, 11 B\n11 B freed\n`);
  expect((await models("gc")).out).toBe("There is nothing to remove.\n");
});

test("gc takes models nobody declares any more only when asked", async () => {
  await configure();
  await models("pull mine");
  await terminal.write("stargate.yaml", "adapters: []\n");
  expect((await models("gc")).out).toBe("There is nothing to remove.\n");
  expect((await models("gc --undeclared")).out).toBe(`removed blob ${sha256}, 1.9 MiB\n1.9 MiB freed\n`);
});

describe("doctor", () => {
  const findings = async (environment: Readonly<Record<string, string>> = {}) => {
    const { out } = await terminal.cli(["doctor", "--json"], { environment });
    const all = (JSON.parse(out) as { findings: readonly { check: string; status: string; message: string }[] })
      .findings;
    return all.filter(({ check }) => check === "models");
  };

  test("counts what is ready", async () => {
    await terminal.write("stargate.yaml", "adapters: []\n");
    expect(await findings()).toMatchObject([
      { status: "ok", message: expect.stringMatching(/^0 of \d+ variants ready; /) },
    ]);
  });

  test("finds names that mean no model, folders that are not there, and models that would fail", async () => {
    await configure({ allow: ["min"], accept: ["silero"] });
    const messages = (await findings({ STARGATE_MODELS: "/nowhere" })).map(({ message }) => message);
    expect(messages).toEqual([
      "There is no model folder /nowhere",
      "models.allow names \"min\", and there is no such model (did you mean 'mine'?)",
      'models.accept names "silero", and there is no such model',
      'Model "loose" (default) of models.declare has no sha256',
      'Model "mine" (default) of models.declare is not on this machine',
    ]);
  });

  test("finds a folder that cannot be written, and files in quarantine", async () => {
    await terminal.write("occupied", "");
    await terminal.write("stargate.yaml", "adapters: []\nmodels: { directory: occupied/below }\n");
    expect(await findings()).toMatchObject([{ status: "failed" }]);
    await mkdir(join(terminal.directory, "store/quarantine"), { recursive: true });
    await writeFile(join(terminal.directory, "store/quarantine/a,b"), "");
    await terminal.write("stargate.yaml", "adapters: []\nmodels: { directory: store }\n");
    expect(await findings()).toMatchObject([{ status: "warning", message: expect.stringContaining("quarantine") }]);
  });
});
