import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface FeatureOrder {
  readonly library: string;
  readonly mels: number;
  readonly minutes: number;
}

/** Log-mel frames in Python, in a process of its own that does what it is told, line by line. */
export interface PythonFeatures extends AsyncDisposable {
  /** "numpy", "librosa": those that could be installed. */
  readonly libraries: readonly string[];
  compute(order: FeatureOrder): Promise<void>;
}

/** @param minute what is transformed, as often as there are minutes. */
export async function openPythonFeatures(
  minute: Float32Array,
  note: (message: string) => void,
): Promise<PythonFeatures> {
  const folder = await mkdtemp(join(tmpdir(), "stargate-bench-"));
  const libraries: string[] = [];
  const clear = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await run("python3", ["-m", "venv", folder], { timeout: 60_000 });
    for (const library of ["numpy", "librosa"]) {
      note(`log-mel: installing ${library}`);
      await run(join(folder, "bin/pip"), ["install", "-q", library], { timeout: 300_000 });
      libraries.push(library);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split("\n").at(-1) : "";
    note(`log-mel: not all of numpy and librosa can be installed here (${reason ?? ""})`);
  }
  if (libraries.length === 0) return { libraries, compute: () => Promise.resolve(), [Symbol.asyncDispose]: clear };
  const sound = join(folder, "minute.f32");
  await writeFile(sound, minute);
  const threads = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1", NUMBA_NUM_THREADS: "1" };
  const program = new URL("processes/log_mel.py", import.meta.url).pathname;
  const child = spawn(join(folder, "bin/python"), [program, sound], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...threads },
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    libraries,
    async compute(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const { done } = await answers.next();
      if (done === true) throw new RangeError("Python has ended");
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      await clear();
    },
  };
}
