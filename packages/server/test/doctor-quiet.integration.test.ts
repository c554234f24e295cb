import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openTestTerminal } from "./support/test-terminal.ts";

// Engines in native code write to the terminal itself, past everything that Node could hold back.

const cli = resolve(import.meta.dirname, "../src/cli/main.ts");
const kernel = JSON.stringify(import.meta.resolve("@stargate/kernel"));

const noisyAdapter = `import { writeSync } from "node:fs";
import { defineAdapter, defineBackend } from ${kernel};
export const createNoisy = () => defineBackend({
  id: "noisy", version: "1.0.0", summary: "Complains of everything", formats: ["noisy"],
  factory: { module: import.meta.url, export: "createNoisy", options: {} },
  async probe() {
    writeSync(2, "Warning: the driver is not as I would like it\\n");
    return { backend: "noisy", version: "1.0.0", devices: [{ id: "cpu", kind: "cpu", available: true }] };
  },
  load: () => Promise.reject(new TypeError("only probed")),
});
export default () => defineAdapter({
  spec: 1, id: "noisy", version: "1.0.0", summary: "Brings a noisy engine", backends: [createNoisy()],
  async check({ probe }) {
    const { devices } = await probe(createNoisy());
    return [{ name: "devices", status: "ok", message: devices.map(({ id }) => id).join() }];
  },
});
`;

test("doctor asks engines without letting them talk to the terminal", { timeout: 60_000 }, async () => {
  await using terminal = await openTestTerminal();
  await terminal.write("noisy.ts", noisyAdapter);
  await terminal.write("stargate.config.ts", 'export default { adapters: ["./noisy.ts"], server: { port: 0 } };\n');
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@stargate/source", "--disable-warning=ExperimentalWarning", cli, "doctor"],
    { cwd: terminal.directory },
  );
  expect(stdout).toContain("adapter noisy: devices: cpu");
  expect(stderr).toBe("");
});
