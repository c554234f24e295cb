import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { runCommand } from "./run-command.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * A program outside npm. An optional one is reported when missing, a required one stops the verb.
 *
 * @typedef {object} SystemTool
 * @property {string} command
 * @property {readonly string[]} [otherNames] commands that serve as well: another version's name
 * @property {readonly string[]} aptPackages the first one brings the command, the others its data
 * @property {string} neededFor completes "it is needed for ..."
 * @property {readonly string[]} verbs which verbs use it
 * @property {boolean} optional
 */

/** @type {readonly SystemTool[]} */
export const SYSTEM_TOOLS = [
  {
    command: "tesseract",
    aptPackages: ["tesseract-ocr"],
    neededFor: "the second OCR engine (engine: native) and the tests that compare with it",
    verbs: ["test", "bench"],
    optional: true,
  },
  {
    command: "pdftotext",
    aptPackages: ["poppler-utils"],
    neededFor: "the tests that read our searchable PDFs with a reader that is not ours",
    verbs: ["test"],
    optional: true,
  },
  {
    command: "ffmpeg",
    aptPackages: ["ffmpeg"],
    neededFor: "recordings other than WAV, MP3, FLAC and Ogg, and the tests that compare with it",
    verbs: ["test", "bench"],
    optional: true,
  },
  {
    command: "pocketsphinx_continuous",
    otherNames: ["pocketsphinx"],
    aptPackages: ["pocketsphinx", "pocketsphinx-en-us"],
    neededFor: "transcripts without a Whisper model, and the tests on real speech",
    verbs: ["test"],
    optional: true,
  },
  {
    command: "chromium",
    otherNames: ["chromium-browser", "google-chrome"],
    aptPackages: ["chromium"],
    neededFor: "the tests of the pages the gateway serves",
    verbs: ["test"],
    optional: true,
  },
];

/** Longest that apt may take for one tool, download included. */
const APT_TIMEOUT_MS = 300_000;

/** @param {string} verb */
export async function ensureSystemTools(verb) {
  for (const tool of SYSTEM_TOOLS) {
    if (!tool.verbs.includes(verb) || isThere(tool)) continue;
    const installed = canUseApt() && (await installWithApt(tool)) && isThere(tool);
    if (!installed) reportMissing(tool);
  }
}

/** @param {SystemTool} tool */
function isThere({ command, otherNames = [] }) {
  return [command, ...otherNames].some(isOnPath);
}

/** @param {string} command */
export function isOnPath(command) {
  const suffixes = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.some((folder) => suffixes.some((suffix) => isExecutable(join(folder, command + suffix))));
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function canUseApt() {
  return process.getuid?.() === 0 && isOnPath("apt-get");
}

/** @param {SystemTool} tool */
async function installWithApt({ command, aptPackages }) {
  process.stderr.write(`stargate: installing ${aptPackages.join(" ")} (for ${command}) with apt-get\n`);
  /** @type {Parameters<typeof runCommand>[2]} */
  const options = {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    timeoutMs: APT_TIMEOUT_MS,
  };
  const install = () =>
    runCommand("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...aptPackages], options);
  if ((await install()) === 0) return true;
  // A fresh container has no package lists yet.
  return (await runCommand("apt-get", ["update", "-qq"], options)) === 0 && (await install()) === 0;
}

/** @param {SystemTool} tool */
function reportMissing({ command, aptPackages, neededFor, optional }) {
  const message = `${command} is not installed; it is needed for ${neededFor}`;
  const hint = `Install it: "apt-get install ${aptPackages.join(" ")}" (Debian, Ubuntu), or your system's package of ${command}`;
  if (!optional) throw new SetupError(message, hint);
  process.stderr.write(`stargate: ${message}. Going on without it.\n  Hint: ${hint}\n`);
}
