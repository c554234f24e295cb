// Loaded before the gateway with --import: tells on request how late its event loop was. Not a part of the gateway,
// which is not changed by being watched: a histogram in Node's own code and a channel nobody waits for.
import { monitorEventLoopDelay } from "node:perf_hooks";

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
process.on("message", (message) => {
  if (message === "reset") delays.reset();
  if (message !== "report") return;
  const toMs = (nanoseconds: number): number => nanoseconds / 1e6;
  process.send?.({ p50Ms: toMs(delays.percentile(50)), p99Ms: toMs(delays.percentile(99)), maxMs: toMs(delays.max) });
});
process.channel?.unref();
