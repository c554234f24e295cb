import { spawn } from "node:child_process";
import { constants } from "node:os";
import { SetupError } from "./setup-error.mjs";

// Passed on to the child, which decides what to do with them.
/** @type {readonly NodeJS.Signals[]} */
const FORWARDED_SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"];

/**
 * Runs a command with this process's terminal and waits for it. Signals sent to this process go to
 * the child; the child's exit code (128 + number for a signal) is the result.
 *
 * @param {string} command
 * @param {readonly string[]} commandArguments
 * @param {import("node:child_process").SpawnOptions & { timeoutMs?: number }} [options]
 * @returns {Promise<number>}
 */
export function runCommand(command, commandArguments, { timeoutMs, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, { stdio: "inherit", timeout: timeoutMs, ...options });
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      // Ctrl-C in a terminal reaches the whole process group: forwarding would deliver it twice.
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    };
    for (const signal of FORWARDED_SIGNALS) process.on(signal, forward);
    const stopWatching = onParentGone(() => child.kill("SIGTERM"));
    const stopForwarding = () => {
      stopWatching();
      for (const signal of FORWARDED_SIGNALS) process.off(signal, forward);
    };
    child.once("error", (cause) => {
      stopForwarding();
      reject(new SetupError(`Cannot run ${command}: ${cause.message}`, `Install ${command} or put it on the PATH`));
    });
    child.once("close", (code, signal) => {
      stopForwarding();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** How often the parent is looked for; what a stopped `npm start` takes longer to stop. */
const PARENT_CHECK_MS = 100;

/**
 * npm runs scripts through a shell and passes SIGTERM to that shell only, which dies of it and
 * leaves this process behind. So under npm a parent that is gone means SIGTERM.
 *
 * @param {() => void} onGone called once
 * @returns {() => void} stops watching
 */
function onParentGone(onGone) {
  if (process.env["npm_lifecycle_event"] === undefined) return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_CHECK_MS);
  return () => clearInterval(timer);
}

/**
 * Runs npm: the one that started this script where there is one, else the one on the PATH.
 *
 * @param {readonly string[]} npmArguments
 * @param {Parameters<typeof runCommand>[2]} [options]
 */
export function runNpm(npmArguments, options = {}) {
  const npmScript = process.env["npm_execpath"];
  // A package manager that is not npm also sets this variable.
  if (npmScript?.endsWith("npm-cli.js")) return runCommand(process.execPath, [npmScript, ...npmArguments], options);
  // npm is a .cmd file on Windows, and those start through a shell only.
  return runCommand("npm", npmArguments, { shell: process.platform === "win32", ...options });
}
