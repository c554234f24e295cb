import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addKey } from "../src/auth/key-store.ts";
import { exitCodes } from "../src/cli/exit-codes.ts";
import type { Finding } from "../src/cli/doctor/finding.ts";
import { demoConfig, openTestTerminal, type TestTerminal } from "./support/test-terminal.ts";

/** Doctor's findings that are not "ok", in a folder prepared by `seed`. */
async function diagnose(
  seed: (terminal: TestTerminal) => Promise<string | void>,
  environment: Record<string, string> = {},
): Promise<{ readonly code: number; readonly findings: readonly Finding[] }> {
  await using terminal = await openTestTerminal();
  const rest = await seed(terminal);
  if (typeof rest === "string")
    await terminal.write(
      "stargate.config.ts",
      demoConfig(`scratch: { directory: "scratch" }, ...{ server: { port: 0 } }, ${rest}`),
    );
  const { code, out } = await terminal.cli(["doctor", "--json"], { environment });
  const { findings } = JSON.parse(out) as { findings: readonly Finding[] };
  return { code, findings: findings.filter(({ status }) => status !== "ok") };
}

async function seedKey(terminal: TestTerminal, expiresAt?: Date): Promise<void> {
  const folder = join(terminal.directory, ".stargate");
  addKey(
    { keysFile: join(folder, "keys.json"), pepperFile: join(folder, "pepper") },
    { tenant: "clinic", now: new Date(), expiresAt },
  );
}

test("a sound configuration has no findings", async () => {
  expect(await diagnose(async () => "")).toEqual({ code: exitCodes.ok, findings: [] });
});

test("findings read well without --json", async () => {
  await using terminal = await openTestTerminal();
  await terminal.write("stargate.config.ts", demoConfig("server: { port: 0 }, allow: { urlInputs: true }"));
  const { out } = await terminal.cli(["doctor"]);
  expect(out).toMatch(/^ok +node: Node \d/);
  expect(out).toMatch(/failed {3}openings: allow\.urlInputs is on.*\n +hint: List the hosts/);
});

const seeds: Readonly<
  Record<
    string,
    {
      readonly seed: (terminal: TestTerminal) => Promise<string | void>;
      readonly environment?: Record<string, string>;
      readonly check: string;
      readonly status: string;
      readonly says: RegExp;
    }
  >
> = {
  "an unknown field": {
    seed: async () => "prot: 1",
    check: "configuration",
    status: "failed",
    says: /unknown field 'prot'/,
  },
  "a pool on a backend nobody brings": {
    seed: async () => 'compute: { pools: { gpu: { backend: "onxx" } } }',
    check: "compute",
    status: "failed",
    says: /Pool "gpu" is on the backend "onxx"/,
  },
  "two configuration files": {
    async seed(terminal) {
      await terminal.write("stargate.yaml", "");
      return "";
    },
    check: "configuration",
    status: "failed",
    says: /side by side/,
  },
  "listening to others without keys": {
    seed: async () => 'server: { port: 0, host: "0.0.0.0" }',
    check: "keys",
    status: "failed",
    says: /no API key/,
  },
  "keys switched off while listening to others": {
    seed: async () => 'server: { port: 0, host: "0.0.0.0" }, auth: { required: false }',
    check: "openings",
    status: "failed",
    says: /auth\.required is false/,
  },
  "a key file others can read": {
    async seed(terminal) {
      await seedKey(terminal);
      await chmod(join(terminal.directory, ".stargate/keys.json"), 0o644);
      return "";
    },
    check: "keys",
    status: "failed",
    says: /can be read by other users/,
  },
  "an expired key": {
    async seed(terminal) {
      await seedKey(terminal, new Date(0));
      return "";
    },
    check: "keys",
    status: "warning",
    says: /expired on 1970/,
  },
  "a lost pepper": {
    async seed(terminal) {
      await seedKey(terminal);
      return 'auth: { pepperFile: "lost" }';
    },
    check: "keys",
    status: "failed",
    says: /no pepper/,
  },
  "a short pepper": {
    async seed(terminal) {
      await seedKey(terminal);
      return "";
    },
    environment: { STARGATE_PEPPER: "short" },
    check: "keys",
    status: "failed",
    says: /at least 32/,
  },
  "a damaged key file": {
    async seed(terminal) {
      await mkdir(join(terminal.directory, ".stargate"));
      await writeFile(join(terminal.directory, ".stargate/keys.json"), "{", { mode: 0o600 });
      return "";
    },
    check: "keys",
    status: "failed",
    says: /cannot be read/,
  },
  "a temporary folder that cannot be written": {
    async seed(terminal) {
      await terminal.write("occupied", "a file where a folder should be");
      return 'scratch: { directory: "occupied/below" }';
    },
    check: "scratch",
    status: "failed",
    says: /cannot be written/,
  },
  "a body limit above the disk's space": {
    seed: async () => 'limits: { maxBodyBytes: 2 ** 52 }, scratch: { directory: "scratch", maxRunBytes: 2 ** 52 }',
    check: "scratch",
    status: "failed",
    says: /less than one body may have/,
  },
  "a run quota below the body limit": {
    seed: async () => 'scratch: { directory: "scratch", maxRunBytes: "1 MiB" }',
    check: "scratch",
    status: "failed",
    says: /smaller than limits\.maxBodyBytes/,
  },
  "images larger than the memory": {
    seed: async () => "limits: { maxPixels: 2 ** 50 }",
    check: "limits",
    status: "warning",
    says: /limits\.maxPixels/,
  },
  "URL inputs from nowhere": {
    seed: async () => "allow: { urlInputs: true }",
    check: "openings",
    status: "failed",
    says: /allow\.hosts is empty/,
  },
  "fetching from everywhere": {
    seed: async () => 'allow: { urlInputs: true, hosts: ["*"] }',
    check: "configuration",
    status: "failed",
    says: /allow\.hosts\[0\]/,
  },
  "a pipeline that names no transform there is": {
    async seed(terminal) {
      await terminal.write("broken.yaml", "name: broken\ninput: text\nsteps:\n  - { id: loud, use: demo.shuot }\n");
      return 'pipelines: ["broken.yaml"]';
    },
    check: "pipelines",
    status: "failed",
    says: /demo\.shout/,
  },
  "a pipeline file that is not there": {
    seed: async () => 'pipelines: ["missing.yaml"]',
    check: "pipelines",
    status: "failed",
    says: /missing\.yaml/,
  },
  "two pipelines of one name": {
    async seed(terminal) {
      for (const file of ["one.yaml", "two.yaml"])
        await terminal.write(file, "name: same\ninput: text\nsteps:\n  - { id: loud, use: demo.shout }\n");
      return 'pipelines: ["one.yaml", "two.yaml"]';
    },
    check: "pipelines",
    status: "failed",
    says: /Two pipelines are named "same"/,
  },
  "an adapter that is not installed": {
    seed: async () => 'adapters: ["@acme/none"]',
    check: "adapters",
    status: "failed",
    says: /"@acme\/none" is not installed/,
  },
  "an adapter whose name is mistyped": {
    seed: async () => 'adapters: ["ocrr"]',
    check: "adapters",
    status: "failed",
    says: /"ocrr" is not installed/,
  },
  "a recogniser without any of its models": {
    seed: async () => 'adapters: ["audio"]',
    check: "models",
    status: "warning",
    says: /audio\.transcribe has none of its models.*pocketsphinx/,
  },
  "an adapter that fails its own check": {
    async seed(terminal) {
      const kernel = JSON.stringify(import.meta.resolve("@stargate/kernel"));
      await terminal.write(
        "sick.ts",
        `import { defineAdapter } from ${kernel};\nexport default () => defineAdapter({ spec: 1, id: "sick", version: "1.0.0", summary: "Needs an engine", check: async () => [{ name: "engine", status: "failed", message: "not found", hint: "Install it." }] });\n`,
      );
      return 'adapters: ["./sick.ts"]';
    },
    check: "adapter sick",
    status: "failed",
    says: /engine: not found/,
  },
};

test.each(Object.keys(seeds))("finds %s", async (name) => {
  const { seed, environment, check, status, says } = seeds[name]!;
  const { code, findings } = await diagnose(seed, environment);
  expect(findings).toContainEqual(
    expect.objectContaining({
      check,
      status,
      message: expect.stringMatching(says) as string,
      hint: expect.any(String) as string,
    }),
  );
  expect(code).toBe(findings.some((finding) => finding.status === "failed") ? exitCodes.problems : exitCodes.ok);
});

test("finds a port in use", async () => {
  const occupant = createServer().listen(0, "127.0.0.1");
  await once(occupant, "listening");
  const { port } = occupant.address() as AddressInfo;
  const { findings } = await diagnose(async () => `server: { port: ${port} }`);
  expect(findings).toContainEqual(expect.objectContaining({ check: "port", message: `127.0.0.1:${port} is in use` }));
  occupant.close();
});
