import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { toPgm } from "../image/gray-image.ts";
import { fail } from "../ocr-errors.ts";
import { parseHocrLines } from "./hocr-lines.ts";
import { type OcrEngine, segmentationModes } from "./ocr-engine.ts";
import { cancelled, createSlots } from "./slots.ts";

export interface NativeTesseract {
  readonly path: string;
  /** "5.3.0" */
  readonly version: string;
  readonly languages: readonly string[];
}

/** Output of one page is far below this; a runaway process is not read on. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

// One process per core: each of them runs one thread.
const slots = createSlots(Math.max(1, availableParallelism()));

const probes = new Map<string, Promise<NativeTesseract | undefined>>();

/** Looks for the binary once; undefined when it is not there or does not run. */
export function findNativeTesseract(path = "tesseract"): Promise<NativeTesseract | undefined> {
  let probe = probes.get(path);
  if (probe === undefined) {
    probe = look(path);
    probes.set(path, probe);
  }
  return probe;
}

async function look(path: string): Promise<NativeTesseract | undefined> {
  const { signal } = new AbortController();
  try {
    const [version, languages] = await Promise.all([
      runTesseract(path, ["--version"], undefined, signal),
      runTesseract(path, ["--list-langs"], undefined, signal),
    ]);
    return {
      path,
      version: /tesseract v?(\S+)/.exec(version)?.[1] ?? "unknown",
      languages: languages
        .split("\n")
        .slice(1) // the first line is a heading
        .map((line) => line.trim())
        .filter((line) => line !== ""),
    };
  } catch {
    return undefined; // absent, or too broken to say its version: the same to a caller who asks what there is
  }
}

/** The `tesseract` binary as an engine: one process per page, raster by stdin, hOCR by stdout, nothing on disk. */
export function nativeEngine(path = "tesseract"): OcrEngine {
  return {
    name: "native",
    recognise: ({ image, languages, dpi, layout, signal }) =>
      slots.run(signal, async () => {
        const settings = [
          "-l",
          languages.join("+"),
          "--dpi",
          String(Math.round(dpi)),
          "--psm",
          segmentationModes[layout],
        ];
        const output = ["-c", "tessedit_create_hocr=1", "-c", "hocr_font_info=0"];
        return parseHocrLines(
          await runTesseract(path, ["stdin", "stdout", ...settings, ...output], toPgm(image), signal),
        );
      }),
  };
}

/** Processor seconds of one page; the slowest real page takes a tenth. */
const maxProcessorSeconds = 300;

/**
 * The command under a limit of processor time that the system enforces: on some noise the binary never ends, and one
 * whose parent was killed would keep a core for ever. Windows has no such limit.
 */
function limited(path: string, parameters: readonly string[]): [string, string[]] {
  if (process.platform === "win32") return [path, [...parameters]];
  return ["/bin/sh", ["-c", `ulimit -t ${maxProcessorSeconds}; exec "$0" "$@"`, path, ...parameters]];
}

function runTesseract(
  path: string,
  parameters: readonly string[],
  input: Uint8Array | undefined,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    // With OpenMP threads of its own the binary is 8-11 times slower, on any machine.
    const child = spawn(...limited(path, parameters), {
      env: { ...process.env, OMP_THREAD_LIMIT: "1" },
      stdio: "pipe",
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let complaint = "";
    const kill = (): void => void child.kill("SIGKILL");
    const onAbort = (): void => {
      kill();
      reject(cancelled(signal));
    };
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_OUTPUT_BYTES) kill();
      else chunks.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      complaint = (complaint + chunk.toString("utf8")).slice(-2000);
    });
    child.stdin.on("error", () => undefined); // it closed its input early; the exit code says why
    child.on("error", (error) => reject(engineFailed(`${path} cannot be started: ${error.message}`, error)));
    child.on("close", (code) => {
      signal.removeEventListener("abort", onAbort);
      if (code === 0) resolve(Buffer.concat(chunks).toString("utf8"));
      else
        reject(engineFailed(`${path} ended with ${code === null ? "a signal" : `code ${code}`}: ${complaint.trim()}`));
    });
    child.stdin.end(input);
  });
}

function engineFailed(message: string, cause?: unknown): Error {
  return fail("SG_OCR_ENGINE_FAILED", message, { cause });
}
