import { openGate } from "@stargate/kernel";
import { createNodeHost } from "../../src/host/node-host.ts";
import { folderService, runService } from "../../src/services/run-service.ts";
import { shoutAdapter, shoutPipeline } from "./shout-adapter.ts";

// The process the kill test kills: a real service that turns text files into upper case. Arguments: in, out.

const [incoming = "", outgoing = ""] = process.argv.slice(2);
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());
const host = await createNodeHost();
const gate = await openGate({ adapters: [shoutAdapter], host });
const definition = folderService({
  in: incoming,
  out: outgoing,
  pipeline: "shout",
  encode: "text/plain",
  concurrency: 3,
});
// Everything is loaded: the test says when to begin, so that its kills hit the work and not the loading.
await new Promise((resolve) => {
  process.once("message", resolve);
  process.send?.("loaded");
});
await runService({
  name: "kill",
  definition: { ...definition, source: { folder: incoming, stableMs: 1, keepDone: true } },
  context: {
    gate,
    host,
    pipelines: new Map([["shout", shoutPipeline]]),
    clock: host.clock,
    log: host.log,
    fetch: host.fetch,
    environment: {},
    onOutcome: (_service, { kind }) => process.send?.(kind),
  },
  signal: stop.signal,
});
await gate.close();
await host.close();
process.disconnect?.();
