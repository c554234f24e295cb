import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
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

test("a signal reaches the command, which decides how to end", async () => {
  const child = "process.on('SIGTERM', () => process.exit(42)); setInterval(() => {}, 1000); console.log('ready')";
  const module = JSON.stringify(join(ROOT, "scripts", "setup", "run-command.mjs"));
  const wrapper = `import(${module}).then((m) => m.runCommand(process.execPath, ["-e", ${JSON.stringify(child)}])).then((code) => process.exit(code))`;
  const running = spawn(process.execPath, ["-e", wrapper], { stdio: ["ignore", "pipe", "inherit"] });
  await once(running.stdout, "data");
  running.kill("SIGTERM");
  expect(await once(running, "exit")).toEqual([42, null]);
});
