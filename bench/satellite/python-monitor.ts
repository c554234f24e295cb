import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { MonitorWindow } from "../../packages/adapters/satellite/src/detect/monitor-window.ts";
import type { PixelSeries } from "../../packages/adapters/satellite/src/series/pixel-series.ts";

const run = promisify(execFile);

export interface PythonOrder {
  readonly robust: boolean;
  readonly threshold: number;
}

/** The monitor in numpy, on one thread, in a process of its own. */
export interface PythonMonitor extends AsyncDisposable {
  /** Pixels with a confirmed change. */
  monitor(order: PythonOrder): Promise<number>;
}

/** Pixels that numpy works on at once: enough to be fast, few enough to stay in the cache. */
const BLOCK_PIXELS = 10_100;

/** Undefined, with a note, when Python or numpy cannot be had here. */
export async function openPythonMonitor(
  { days, values, pixels }: PixelSeries,
  window: MonitorWindow,
  note: (message: string) => void,
): Promise<PythonMonitor | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "stargate-bench-"));
  const clear = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await run("python3", ["-m", "venv", folder], { timeout: 60_000 });
    note("monitor speed: installing numpy");
    await run(join(folder, "bin/pip"), ["install", "-q", "numpy"], { timeout: 300_000 });
  } catch (error) {
    await clear();
    note(`monitor speed: no numpy here (${error instanceof Error ? (error.message.split("\n").at(-1) ?? "") : ""})`);
    return undefined;
  }
  const files = { days: join(folder, "days.f64"), values: join(folder, "values.f32") };
  await writeFile(files.days, days);
  await writeFile(files.values, values);
  const threads = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const program = new URL("processes/harmonic_monitor.py", import.meta.url).pathname;
  const child = spawn(join(folder, "bin/python"), [program], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...threads },
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const blocks = Math.ceil(pixels / BLOCK_PIXELS);
  return {
    async monitor(order) {
      child.stdin.write(`${JSON.stringify({ ...order, ...files, window, blocks })}\n`);
      const answer = await answers.next();
      if (answer.done === true) throw new RangeError("Python has ended");
      return (JSON.parse(answer.value) as { confirmed: number }).confirmed; // the program above writes it
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      await clear();
    },
  };
}
