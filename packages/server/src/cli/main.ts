#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { setFlagsFromString } from "node:v8";

// Before anything else is imported: compiled code is kept between starts.
enableCompileCache();
// V8 takes what survives a few collections for long-lived and puts its like into the old generation from then on. What
// a gateway makes for a request survives while its 32 neighbours are worked on and is garbage right after: measured,
// that guess doubles the processor time of a request.
setFlagsFromString("--no-allocation-site-pretenuring");

const { processTerminal } = await import("./terminal.ts");
const { runCli } = await import("./run-cli.ts");
const { fail } = await import("../errors/server-errors.ts");

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    // Whoever presses Ctrl-C again does not want to wait; a second SIGTERM only repeats the first: orchestrators
    // send it to the whole process group as well as through npm.
    if (interruption.signal.aborted && name === "SIGINT") process.exit(130);
    interruption.abort(fail("SG_CLI_INTERRUPTED", `Ended by ${name}`));
  });
}

process.exitCode = await runCli(process.argv.slice(2), processTerminal(interruption.signal));
