import type { Suite } from "../support/result.ts";
import { runAll } from "../support/run-all.ts";
import { measureEventLoop } from "./event-loop.ts";
import { measurePeer } from "./peer.ts";
import { measureStart } from "./start.ts";
import { measureTensors } from "./tensors.ts";
import { measureThroughput } from "./throughput.ts";
import { measureUploads } from "./upload.ts";

/** The gateway as its users meet it: a process of its own, behind HTTP. */
export const gatewaySuite: Suite = {
  name: "gateway",
  run: (note) =>
    runAll([measureThroughput, measurePeer, measureUploads, measureTensors, measureStart, measureEventLoop], note),
};
