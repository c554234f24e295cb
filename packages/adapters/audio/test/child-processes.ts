import { readdirSync, readFileSync } from "node:fs";
import type { TestContext } from "vitest";

/** Names of the processes this one has started and that are still there. Needs /proc: skips the test elsewhere. */
export function childProcesses(context: TestContext): readonly string[] {
  context.skip(process.platform !== "linux", "child processes are listed in /proc, on Linux only");
  return readdirSync("/proc/self/task")
    .flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, "utf8").split(" "))
    .filter((pid) => pid !== "")
    .map((pid) => readFileSync(`/proc/${pid}/comm`, "utf8").trim());
}
