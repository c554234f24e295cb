import { readFileSync } from "node:fs";

/** Memory of a process as the kernel counts it (proc_pid_status(5)), in MiB. Linux only. */
export function residentMib(pid: number): number {
  return statusMib(pid, "VmRSS");
}

/** The most a process ever had resident, in MiB. */
export function peakResidentMib(pid: number): number {
  return statusMib(pid, "VmHWM");
}

function statusMib(pid: number, field: "VmRSS" | "VmHWM"): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  if (match?.[1] === undefined) throw new RangeError(`Process ${pid} has no ${field}`);
  return Number(match[1]) / 1024;
}

/** Processor time a process has used so far (user and system, all threads), in seconds (proc_pid_stat(5)). */
export function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field is a name in brackets that may hold spaces: count from behind it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** USER_HZ, which Linux fixes at 100 for what it shows in /proc. */
const ticksPerSecond = 100;
