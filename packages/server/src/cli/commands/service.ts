import type { ServiceOutcome } from "@stargate/kernel";
import { fail } from "../../errors/server-errors.ts";
import { loadPipelines } from "../../gateway/load-pipelines.ts";
import { createLog } from "../../host/log-adapter.ts";
import { createLogger } from "../../observe/logger.ts";
import { servicesContext } from "../../services/services-context.ts";
import { folderService } from "../../services/run-service.ts";
import { servicesSchema, type ServiceDefinition } from "../../services/services-schema.ts";
import { startServices } from "../../services/start-services.ts";
import { defineCliCommand, sharedArgs } from "../command.ts";
import { withSession } from "../open-session.ts";
import type { Terminal } from "../terminal.ts";
import { untilAborted } from "../../until-aborted.ts";

const args = {
  ...sharedArgs,
  name: {
    type: "positional",
    description: "Services of the configuration to run; all without a name",
    required: false,
  },
  in: { type: "string", description: "Watch this folder instead of running configured services", valueHint: "folder" },
  out: { type: "string", description: "Write the results of --in here", valueHint: "folder" },
  to: { type: "string", description: "With --in: modality wanted; default page-text", valueHint: "modality" },
  encode: {
    type: "string",
    description: "With --in: media type of the results; default application/pdf",
    valueHint: "type",
  },
} as const;

export const service = defineCliCommand({
  description:
    "Runs until SIGTERM or SIGINT, then finishes what is under way. A file is taken once it has stopped changing; results are written whole or not at all, and a restart goes on where it was.",
  args,
  async run({ args: given, rest, json, terminal }) {
    await withSession(terminal, given.config, async ({ gate, host, loaded }) => {
      const definitions = given.in === undefined ? configured(loaded.config.services, rest) : { folder: adHoc(given) };
      const context = servicesContext({
        gate,
        host,
        log: createLog(createLogger({ log: { level: "warn" } })),
        directory: given.in === undefined ? loaded.directory : terminal.directory,
        pipelines: await loadPipelines(gate, loaded.config.pipelines, loaded.directory),
        environment: terminal.environment,
        onOutcome: (name, outcome) => report(terminal, json, name, outcome),
      });
      const running = await startServices(definitions, context);
      for (const [name, { source, sink }] of Object.entries(definitions)) {
        if (json) terminal.out(`${JSON.stringify({ event: "ready", service: name })}\n`);
        else terminal.out(`${name}: ${endOf(source)} -> ${endOf(sink)}\n`);
      }
      await untilAborted(terminal.signal);
      await running.stop();
    });
  },
});

function configured(
  services: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, ServiceDefinition>> {
  const all = servicesSchema.parse(services);
  const wanted = names.length === 0 ? Object.keys(all) : names;
  if (wanted.length === 0)
    throw fail("SG_CLI_USAGE", "No service is configured", {
      hint: "Add `services` to the configuration, or name folders: stargate service --in scans --out pdfs",
    });
  return Object.fromEntries(
    wanted.map((name) => {
      const definition = all[name];
      if (definition === undefined)
        throw fail("SG_CLI_USAGE", `There is no service "${name}"`, {
          hint: `Configured are ${Object.keys(all).join(", ") || "none"}.`,
        });
      if ("push" in definition.source)
        throw fail("SG_CLI_USAGE", `Service "${name}" is fed over HTTP`, {
          hint: "Run stargate serve: it runs the configured services, too.",
        });
      return [name, definition];
    }),
  );
}

function adHoc({
  in: source,
  out,
  to,
  encode,
}: {
  readonly in?: string | undefined;
  readonly out?: string | undefined;
  readonly to?: string | undefined;
  readonly encode?: string | undefined;
}): ServiceDefinition {
  if (source === undefined || out === undefined)
    throw fail("SG_CLI_USAGE", "--in needs --out: the folder results are written to");
  if (to === undefined && encode !== undefined)
    throw fail("SG_CLI_USAGE", "--encode needs --to: the modality to be written so");
  return folderService({ in: source, out, to, encode });
}

function report(terminal: Terminal, json: boolean, service: string, outcome: ServiceOutcome): void {
  const name = outcome.item.name ?? outcome.item.id;
  if (json) {
    const error =
      outcome.kind === "rejected"
        ? { code: outcome.error.code, message: outcome.error.message, hint: outcome.error.hint }
        : undefined;
    return terminal.out(`${JSON.stringify({ event: outcome.kind, service, name, ...(error && { error }) })}\n`);
  }
  if (outcome.kind === "rejected")
    terminal.err(`${name}: put aside: ${outcome.error.message}\n hint: ${outcome.error.hint}\n`);
  else if (outcome.kind === "delivered") terminal.out(`${name}: done in ${Math.round(outcome.result.receipt.ms)} ms\n`);
}

function endOf(end: ServiceDefinition["source"] | ServiceDefinition["sink"]): string {
  if ("folder" in end) return end.folder;
  return "webhook" in end ? end.webhook.url : `POST /v1/services (${end.push.folder})`;
}
