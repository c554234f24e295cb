import { isIP } from "node:net";
import { basename, join, resolve } from "node:path";
import { schemaProblems, type Gate } from "@stargate/kernel";
import type { Features } from "../../composition-root.ts";
import type { ConfigOverrides } from "../../config/load-config.ts";
import { fail } from "../../errors/server-errors.ts";
import { untilAborted } from "../../until-aborted.ts";
import { AreaWatch } from "../../watches/watch-area.ts";
import type { WatchEvent } from "../../watches/watch-events.ts";
import { openWatchFiles } from "../../watches/watch-files.ts";
import { purposeOf } from "../../watches/watch-record.ts";
import { watchSchema, type WatchDefinition } from "../../watches/watches-schema.ts";
import { defineCliCommand, sharedArgs } from "../command.ts";
import { openInput } from "../input-files.ts";
import { withSession } from "../open-session.ts";
import type { Terminal } from "../terminal.ts";

const args = {
  ...sharedArgs,
  area: { type: "positional", description: "GeoJSON file with the area", required: true },
  stac: { type: "string", description: "STAC API that is asked for scenes", valueHint: "url" },
  scenes: { type: "string", description: "Or a folder of scenes", valueHint: "folder" },
  collections: { type: "string", description: "Of the catalogue; default sentinel-2-l2a", valueHint: "a,b" },
  task: { type: "string", description: "deforestation, regrowth, drought or flood", valueHint: "task" },
  from: { type: "string", description: "First date that is read", valueHint: "date", required: true },
  "monitor-from": { type: "string", description: "First date that is judged", valueHint: "date" },
  out: {
    type: "string",
    alias: "o",
    description: "Folder to keep everything in; default: the area's name",
    valueHint: "folder",
  },
  every: {
    type: "string",
    description: "Seconds between two questions to the catalogue; default six hours",
    valueHint: "seconds",
  },
  once: { type: "boolean", description: "One round, then end", default: false },
  allow: { type: "string", description: "Further hosts the scenes lie on: '*.amazonaws.com'", valueHint: "hosts" },
} as const;

export const watchArea = defineCliCommand({
  description:
    "Watches an area for change: asks for new scenes, reads each once, and keeps alerts.geojson up to date. Ends with Ctrl-C and goes on where it was.",
  args,
  async run({ args: given, json, terminal }) {
    const definition = definitionOf(given, terminal.directory);
    await withSession(
      terminal,
      given.config,
      async ({ gate, host }) => {
        const area = await readArea(gate, given.area, terminal);
        await using files = await openWatchFiles(definition.folder, purposeOf(definition, area));
        const onEvent = (event: WatchEvent): void => tell(event, { terminal, json, folder: definition.folder });
        const { signal } = terminal;
        const watch = new AreaWatch({ gate, host, clock: host.clock, definition, area, files, signal, onEvent });
        if (given.once) await watch.round();
        else await Promise.race([watch.run(), untilAborted(signal)]);
      },
      allowedOf(definition, list(given.allow)),
    );
  },
});

interface Given {
  readonly area: string;
  readonly stac?: string | undefined;
  readonly scenes?: string | undefined;
  readonly collections?: string | undefined;
  readonly task?: string | undefined;
  readonly from: string;
  readonly "monitor-from"?: string | undefined;
  readonly out?: string | undefined;
  readonly every?: string | undefined;
}

/** Throws SG_CLI_USAGE. */
function definitionOf(given: Given, directory: string): WatchDefinition {
  const { area, stac, scenes, task, from, every } = given;
  const folder = given.out ?? (area === "-" ? "area" : basename(area).replace(/\.[^.]+$/, ""));
  const parsed = watchSchema.safeParse({
    area,
    from,
    folder: resolve(directory, folder),
    ...(stac !== undefined && { stac }),
    ...(scenes !== undefined && { scenes: resolve(directory, scenes) }),
    ...(given.collections !== undefined && { collections: list(given.collections) }),
    ...(task !== undefined && { task }),
    ...(given["monitor-from"] !== undefined && { monitorFrom: given["monitor-from"] }),
    ...(every !== undefined && { everySeconds: Number(every) }),
  });
  if (parsed.success) return parsed.data;
  const [problem] = schemaProblems(parsed.error, watchSchema, given);
  throw fail(
    "SG_CLI_USAGE",
    `${problem?.path.length ? `--${String(problem.path[0])}: ` : ""}${problem?.message ?? ""}`,
  );
}

const list = (text: string | undefined): readonly string[] =>
  (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** Who names a catalogue means it to be asked, also when it is on a network of their own. */
function allowedOf({ stac }: WatchDefinition, hosts: readonly string[]): ConfigOverrides {
  if (stac === undefined) return { allowHosts: hosts };
  const { host, hostname } = new URL(stac);
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, "")) !== 0;
  return { allowHosts: [host, ...hosts], ...(isAddress && { allowNetworks: [hostname.replace(/^\[|\]$/g, "")] }) };
}

async function readArea(gate: Gate, file: string, terminal: Terminal): Promise<Features> {
  const blob = await openInput(file, terminal);
  const { payload } = await gate.run(blob, { to: "features" }, { signal: terminal.signal, as: "features" });
  return payload.value as Features; // of that modality
}

/** Less of an area than this is worth a word. */
const WELL_SEEN = 0.9;

interface Telling {
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly folder: string;
}

function tell(event: WatchEvent, { terminal, json, folder }: Telling): void {
  if (json) return terminal.out(`${JSON.stringify(event)}\n`);
  switch (event.type) {
    case "searched":
      return terminal.out(`${event.scenes} ${event.scenes === 1 ? "scene" : "scenes"}, ${event.fresh} of them new\n`);
    case "scene":
      return terminal.out(
        `${event.acquiredAt.slice(0, 10)}  ${Math.round(100 * event.observedShare)} % seen  ${event.scene}\n`,
      );
    case "scene-failed":
      return terminal.err(`${event.scene}: ${event.message} (${event.code})\n`);
    case "round-failed":
      return terminal.err(`${event.message} (${event.code}); trying again later\n`);
    case "alerts":
      terminal.out(
        `${event.alerts} ${event.alerts === 1 ? "alert" : "alerts"}, ${event.fresh} of them new, ${event.hectares.toFixed(1)} ha: ${join(folder, "alerts.geojson")}\n`,
      );
      if (event.judgedShare < WELL_SEEN)
        terminal.err(
          `Only ${Math.floor(100 * event.judgedShare)} % of the area could be judged: no alert does not mean no change\n`,
        );
  }
}
