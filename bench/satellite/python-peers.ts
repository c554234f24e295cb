import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Path of a program that is installed here. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** A Python that has rasterio and numpy. */
export interface RasterioPython extends AsyncDisposable {
  readonly python: string;
}

/** Undefined, with a note, when rasterio cannot be had here. */
export async function openRasterio(note: (message: string) => void): Promise<RasterioPython | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "stargate-bench-rasterio-"));
  const clear = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await run("python3", ["-m", "venv", folder], { timeout: 60_000 });
    note("ndvi: installing rasterio and numpy");
    await run(join(folder, "bin/pip"), ["install", "-q", "rasterio", "numpy"], { timeout: 300_000 });
    return { python: join(folder, "bin/python"), [Symbol.asyncDispose]: clear };
  } catch (error) {
    await clear();
    note(`ndvi: no row of rasterio (${error instanceof Error ? (error.message.trim().split("\n").at(-1) ?? "") : ""})`);
    return undefined;
  }
}
