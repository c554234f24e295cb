import { writeSync } from "node:fs";

// A thread of a process host that says ten times in two seconds that the process lives, and how much memory it holds,
// also while an inference blocks the main thread. What it cannot say any more, because the gateway is gone, ends the
// process in the middle of whatever it computes.

const BEAT_FD = 4;
const BEAT_MS = 200;

function beat(): void {
  try {
    writeSync(BEAT_FD, `${process.memoryUsage.rss()}\n`);
  } catch {
    process.kill(process.pid, "SIGKILL");
  }
}

beat();
setInterval(beat, BEAT_MS);
