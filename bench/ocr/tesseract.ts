import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Reading {
  readonly text: string;
  readonly seconds: number;
}

/** The baseline: the `tesseract` binary as a user calls it, one thread, which is its fastest setting. */
export async function readWithTesseract(file: string): Promise<Reading> {
  const startedMs = performance.now();
  const { stdout } = await promisify(execFile)("tesseract", [file, "stdout", "-l", "eng"], {
    env: { ...process.env, OMP_THREAD_LIMIT: "1" },
    maxBuffer: 2 ** 28,
  });
  return { text: stdout, seconds: (performance.now() - startedMs) / 1000 };
}

/** "5.3.0", or undefined when there is no binary. */
export async function tesseractVersion(): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)("tesseract", ["--version"]);
    return /tesseract v?(\S+)/.exec(stdout + stderr)?.[1];
  } catch {
    return undefined;
  }
}
