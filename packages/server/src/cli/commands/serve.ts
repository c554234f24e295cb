import { loadConfig } from "../../config/load-config.ts";
import { fail } from "../../errors/server-errors.ts";
import { openGateway, type OpenGateway } from "../../gateway/create-gateway.ts";
import type { Gateway } from "../../gateway/gateway.ts";
import { startServer } from "../../http/server.ts";
import { serverVersion } from "../../version.ts";
import { defineCliCommand, sharedArgs } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { untilAborted } from "../../until-aborted.ts";

export const serve = defineCliCommand({
  description:
    "Runs until SIGTERM or SIGINT, then finishes the requests in flight. PORT and STARGATE_HOST set the address, too.",
  args: {
    ...sharedArgs,
    port: { type: "string", alias: "p", description: "Port; 0 picks a free one", valueHint: "number" },
    host: {
      type: "string",
      description: "Address to listen on; anything but loopback needs an API key",
      valueHint: "address",
    },
  },
  async run({ args, json, terminal }) {
    const port = readPort(args.port ?? terminal.environment["PORT"]);
    const host = args.host ?? terminal.environment["STARGATE_HOST"];
    const loaded = await loadConfig({ file: args.config, directory: terminal.directory, overrides: { port, host } });
    const gateway = await openGateway(loaded);
    try {
      await preloadModels(gateway, terminal);
      await startConfiguredServices(gateway, loaded.directory, terminal);
      await startConfiguredWatches(gateway, loaded.directory, terminal);
      const server = await startServer(gateway);
      announce(gateway, terminal, json);
      await untilAborted(terminal.signal);
      // Someone at the keyboard waits for the prompt; an orchestrator has to be told first.
      const announceMs = terminal.outIsTty ? 0 : undefined;
      const [drained] = await Promise.all([
        server.stop({ announceMs }),
        gateway.services.stop(),
        gateway.watches.stop(),
      ]);
      return drained ? exitCodes.ok : exitCodes.unavailable;
    } finally {
      await Promise.all([gateway.services.stop({ drainMs: 0 }), gateway.watches.stop()]);
      await gateway[Symbol.asyncDispose]();
      gateway.log.flush();
    }
  },
});

/** A gateway that is to have models from the start is not ready before it has them. */
async function preloadModels({ config, compute, log }: OpenGateway, { signal }: Terminal): Promise<void> {
  if (config.compute.preload.length === 0) return;
  const startedMs = performance.now();
  const { plane } = await compute.open();
  await plane.warm({ signal });
  log.info({ models: config.compute.preload, ms: Math.round(performance.now() - startedMs) }, "models are loaded");
}

/** Configured services run beside the gateway; what they need is loaded only when there are any. */
async function startConfiguredServices(gateway: OpenGateway, directory: string, terminal: Terminal): Promise<void> {
  const definitions = gateway.config.services;
  if (Object.keys(definitions).length === 0) return;
  const [{ startServices }, { servicesContext }, { createLog }] = await Promise.all([
    import("../../services/start-services.ts"),
    import("../../services/services-context.ts"),
    import("../../host/log-adapter.ts"),
  ]);
  const { environment } = terminal;
  const log = createLog(gateway.log);
  const { gate, host, pipelines } = gateway;
  gateway.services = await startServices(
    definitions,
    servicesContext({ gate, host, pipelines, log, directory, environment }),
  );
}

/** As with services: what is not configured is not loaded. */
async function startConfiguredWatches(gateway: OpenGateway, directory: string, terminal: Terminal): Promise<void> {
  const definitions = gateway.config.watches;
  if (Object.keys(definitions).length === 0) return;
  const [{ startWatches }, { createLog }] = await Promise.all([
    import("../../watches/start-watches.ts"),
    import("../../host/log-adapter.ts"),
  ]);
  const { gate, host } = gateway;
  const { environment } = terminal;
  gateway.watches = await startWatches(definitions, {
    gate,
    host,
    log: createLog(gateway.log),
    directory,
    environment,
  });
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^\d{1,5}$/.test(text)) throw fail("SG_CLI_USAGE", `The port is "${text}", not a number from 0 to 65535`);
  return Number(text);
}

/** Ready: where, and one line to try it. */
function announce({ url, pipelines, access }: Gateway, terminal: Terminal, json: boolean): void {
  if (json) return terminal.out(`${JSON.stringify({ event: "ready", url, version: serverVersion() })}\n`);
  const key = access.required ? ' -H "authorization: Bearer $STARGATE_KEY"' : "";
  terminal.out(
    [
      `Stargate ${serverVersion()} is ready on ${url}`,
      `Try it:  curl${key} --data-binary @${terminal.environment["STARGATE_SAMPLE"] ?? "scan.pdf"} '${url}/v1/convert?to=text'`,
      `Docs:    ${url}/docs${pipelines.size === 0 ? "" : `   (${pipelines.size} pipeline${pipelines.size === 1 ? "" : "s"}: ${[...pipelines.keys()].join(", ")})`}`,
      "",
    ].join("\n"),
  );
}
