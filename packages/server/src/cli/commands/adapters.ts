import { probeApart } from "@stargate/compute";
import {
  type CheckContext,
  portEntries,
  portText,
  resolvePort,
  type Adapter,
  type HealthCheck,
} from "@stargate/kernel";
import { createNodeClock } from "../../host/node-clock.ts";
import { silentLog } from "../../host/log-adapter.ts";
import { defineCliCommand, sharedArgs } from "../command.ts";
import { withSession } from "../open-session.ts";

export const adapters = defineCliCommand({
  description: "--check also asks each adapter what it needs from this machine.",
  args: {
    ...sharedArgs,
    check: { type: "boolean", description: "Look at the machine: engines, data files", default: false },
  },
  async run({ args, json, terminal }) {
    await withSession(terminal, args.config, async ({ gate }) => {
      const list = [];
      for (const adapter of gate.registry.adapters)
        list.push({ ...summary(adapter), checks: args.check ? await checksOf(adapter, terminal.signal) : [] });
      terminal.out(json ? `${JSON.stringify({ adapters: list })}\n` : list.map(format).join("\n"));
    });
  },
});

/** What an adapter says of the machine; one that cannot even be asked has failed. */
export async function checksOf(adapter: Adapter, signal: AbortSignal): Promise<readonly HealthCheck[]> {
  try {
    const clock = createNodeClock({ keepAlive: false });
    const probe: CheckContext["probe"] = (backend) => probeApart(backend, { clock, log: silentLog, signal });
    return (await adapter.check?.({ signal, probe })) ?? [];
  } catch (error) {
    return [{ name: adapter.id, status: "failed", message: error instanceof Error ? error.message : String(error) }];
  }
}

function summary(adapter: Adapter) {
  return {
    id: adapter.id,
    version: adapter.version,
    summary: adapter.summary,
    transforms: adapter.transforms.map((transform) => ({
      id: transform.id,
      version: transform.version,
      summary: transform.summary,
      from: portEntries(transform.from).map(([, port]) => portText(resolvePort(port))),
      to: portText(resolvePort(transform.to)),
    })),
    backends: adapter.backends.map(({ id }) => id),
    sources: adapter.sources.map(({ id }) => id),
    sinks: adapter.sinks.map(({ id }) => id),
  };
}

function format({
  id,
  version,
  summary: what,
  transforms,
  checks,
}: ReturnType<typeof summary> & { checks: readonly HealthCheck[] }): string {
  const lines = [
    `${id} ${version}  ${what}`,
    ...transforms.map(
      (transform) =>
        `  ${transform.id}@${transform.version}  ${transform.from.join(" + ")} -> ${transform.to}  ${transform.summary}`,
    ),
  ];
  for (const { name, status, message, hint } of checks)
    lines.push(
      `  ${status.padEnd(7)} ${name}: ${message}${hint === undefined || status === "ok" ? "" : `\n          hint: ${hint}`}`,
    );
  return `${lines.join("\n")}\n`;
}
