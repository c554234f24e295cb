import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { peakResidentMib } from "../support/process-memory.ts";

/** How often the peak is looked at; the kernel keeps it, so only the last moment can be missed. */
const LOOK_MS = 10;

/**
 * Runs a command to its end; gives the peak of its resident memory in MiB, that of its children added. Throws RangeError
 * when it fails.
 */
export async function measureProcess(
  [program = "", ...options]: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const child = spawn(program, options, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, NODE_ENV: "production", ...environment },
  });
  const peaks = new Map<number, number>();
  const look = (): void => {
    for (const pid of family(child.pid ?? 0)) {
      try {
        peaks.set(pid, peakResidentMib(pid));
      } catch {
        // it has just ended
      }
    }
  };
  const timer = setInterval(look, LOOK_MS);
  const [code] = (await once(child, "exit")) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new RangeError(`${program} ended with code ${String(code)}`);
  return [...peaks.values()].reduce((sum, peak) => sum + peak, 0);
}

function family(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return [pid, ...(children === "" ? [] : children.split(" ").flatMap((child) => family(Number(child))))];
  } catch {
    return [];
  }
}
