import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { isErrorCode } from "./durable-files.ts";

/** How a file names its owner: "<host>,<pid>,<start time>,<random>". */
const tagPattern = /^([^,]+),(\d+),([^,]+),[0-9a-f]+$/;

/** Says in a file's name which process owns it. All there is to know stands in the name, so it appears as a whole. */
export function createOwnerTag(): string {
  return `${thisHost()},${process.pid},${startTimeOf(process.pid)},${randomBytes(6).toString("hex")}`;
}

/**
 * Whether the owner may still be at work. "unknown": the tag is that of another machine, which cannot be asked.
 * A name that is no tag has no owner.
 */
export function ownerState(tag: string): "alive" | "dead" | "unknown" {
  const [, host = "", pid = "", startTime = ""] = tagPattern.exec(tag) ?? [];
  if (pid === "") return "dead";
  if (host !== thisHost()) return "unknown";
  return isRunning(Number(pid), startTime) ? "alive" : "dead";
}

function thisHost(): string {
  return encodeURIComponent(hostname());
}

function isRunning(pid: number, startTime: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!isErrorCode(error, "EPERM")) return false;
  }
  // Process ids are used again, in containers at every start; together with the start time they are not.
  return startTimeOf(pid) === startTime;
}

// Field 22 of /proc/<pid>/stat, in clock ticks since boot (proc(5)); "0" where there is no /proc.
function startTimeOf(pid: number): string {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
  } catch {
    return "0";
  }
}
