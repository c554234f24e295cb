import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { ROOT } from "./paths.mjs";
import { runCommand } from "./run-command.mjs";

test("the exit code of the command is kept", async () => {
  expect(await runCommand(process.execPath, ["-e", "process.exit(7)"])).toBe(7);
});

test("a command that died of a signal gives 128 + its number", async () => {
  expect(await runCommand(process.execPath, ["-e", "process.kill(process.pid, 'SIGKILL')"])).toBe(137);
});

test("a command that is not there is named, with a hint", async () => {
  await expect(runCommand("stargate-no-such-command", [])).rejects.toMatchObject({
    message: expect.stringContaining("stargate-no-such-command"),
    hint: "Install stargate-no-such-command or put it on the PATH",
  });
});

/** Ends with 42 on SIGTERM, and says when it is ready for it. */
const GRACEFUL =
  "process.on('SIGTERM', () => process.exit(42)); setInterval(() => {}, 1000); console.log('ready', process.pid)";

/** A script that runs GRACEFUL through runCommand and prints and returns its exit code. */
function wrapperScript(): string {
  const module = JSON.stringify(join(ROOT, "scripts", "setup", "run-command.mjs"));
  const run = `m.runCommand(process.execPath, ["-e", ${JSON.stringify(GRACEFUL)}])`;
  return `import(${module}).then((m) => ${run}).then((code) => { console.log("ended", code); process.exit(code); })`;
}

test("a signal reaches the command, which decides how to end", async () => {
  const running = spawn(process.execPath, ["-e", wrapperScript()], { stdio: ["ignore", "pipe", "inherit"] });
  await once(running.stdout, "data");
  running.kill("SIGTERM");
  expect(await once(running, "exit")).toEqual([42, null]);
});

test("under npm the command ends when the shell in between is killed", async () => {
  // The shell that npm starts; it dies of the signal without telling its child.
  const shell = `const { spawn } = require("node:child_process"); spawn(process.execPath, ["-e", ${JSON.stringify(wrapperScript())}], { stdio: "inherit" })`;
  const running = spawn(process.execPath, ["-e", shell], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, npm_lifecycle_event: "start" },
  });
  const lines = createInterface({ input: running.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toMatch(/^ready/);
  running.kill("SIGKILL");
  expect((await lines.next()).value).toBe("ended 42");
});
