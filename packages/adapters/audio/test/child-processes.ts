import { readdirSync, readFileSync } from "node:fs";
import type { TestContext } from "vitest";

/** Names of the processes this one has started and that are still there. Needs /proc: skips the test elsewhere. */
export function childProcesses(context: TestContext): readonly string[] {
  context.skip(process.platform !== "linux", "child processes are listed in /proc, on Linux only");
  return childIds().map((pid) => readFileSync(`/proc/${pid}/comm`, "utf8").trim());
}

function childIds(): readonly string[] {
  return readdirSync("/proc/self/task")
    .flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, "utf8").split(" "))
    .filter((pid) => pid !== "");
}

/** Watches how much memory processes that this one starts from now on take; Linux only, skips the test elsewhere. */
export function childMemory(context: TestContext): { stop(): number } {
  context.skip(process.platform !== "linux", "the memory of a process is read from /proc, on Linux only");
  let mostBytes = 0;
  const timer = setInterval(() => {
    for (const pid of childIds()) mostBytes = Math.max(mostBytes, peakOf(pid));
  }, 20);
  return {
    stop() {
      clearInterval(timer);
      return mostBytes;
    },
  };
}

/** The kernel's own record of the most a process ever had; 0 for one that is gone. */
function peakOf(pid: string): number {
  try {
    const [, kilobytes = "0"] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
}
