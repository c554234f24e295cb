import { setTimeout } from "node:timers/promises";
import { type ComputeSnapshot, computeSnapshotSchema } from "@stargate/compute/config";
import { isStargateError } from "@stargate/kernel";
import { fail } from "../../errors/server-errors.ts";
import { askGateway, gatewayArgs } from "../ask-gateway.ts";
import { defineCliCommand, sharedArgs } from "../command.ts";
import { formatSnapshot } from "../format-snapshot.ts";
import type { Terminal } from "../terminal.ts";

// Nothing scrolls: the new picture is written over the old one.
const home = "\u001B[H";
const clearBelow = "\u001B[J";
const clearLine = "\u001B[K";
const hideCursor = "\u001B[?25l";
const showCursor = "\u001B[?25h";

export const top = defineCliCommand({
  description:
    "Asks a running gateway (GET /v1/compute) every second until Ctrl-C. Numbers are of the last 10 seconds; energy says how it is known. With --json one line for each look.",
  args: {
    ...sharedArgs,
    ...gatewayArgs,
    once: { type: "boolean", description: "Look once", default: false },
    every: { type: "string", description: "Seconds between two looks; default 1", valueHint: "seconds" },
  },
  async run({ args, json, terminal }) {
    const everyMs = readSeconds(args.every) * 1000;
    const look = async () => computeSnapshotSchema.parse(await askGateway(terminal, args, "/v1/compute"));
    const show = json ? showJson(terminal) : showTable(terminal, !args.once);
    try {
      show.draw(await look());
      while (!args.once && (await passed(everyMs, terminal.signal))) {
        try {
          show.draw(await look());
        } catch (error) {
          // It may be starting anew: whoever watches wants to see it come back.
          if (!isStargateError(error) || error.code !== "SG_CLI_GATEWAY") throw error;
          if (!terminal.signal.aborted) show.missing(error.message);
        }
      }
    } finally {
      show.end();
    }
  },
});

interface Show {
  draw(snapshot: ComputeSnapshot): void;
  /** The gateway did not answer. */
  missing(message: string): void;
  end(): void;
}

function showJson(terminal: Terminal): Show {
  return {
    draw: (snapshot) => terminal.out(`${JSON.stringify(snapshot)}\n`),
    missing: (message) => terminal.err(`${message}\n`),
    end: () => undefined,
  };
}

/** On a terminal each picture takes the place of the one before; elsewhere they follow one another. */
function showTable(terminal: Terminal, isLive: boolean): Show {
  const overwrites = terminal.outIsTty && isLive;
  let lastText = "";
  const write = (text: string): void => {
    if (!overwrites) return terminal.out(`${text}\n`);
    terminal.out(`${hideCursor}${home}${text.replaceAll("\n", `${clearLine}\n`)}${clearBelow}`);
  };
  return {
    draw(snapshot) {
      lastText = formatSnapshot(snapshot);
      write(lastText);
    },
    missing: (message) => (overwrites ? write(`${lastText}\n${message}\n`) : terminal.err(`${message}\n`)),
    end: () => (overwrites ? terminal.out(showCursor) : undefined),
  };
}

/** Waits; false when the user has given up. */
async function passed(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await setTimeout(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

function readSeconds(text: string | undefined): number {
  const seconds = Number(text ?? 1);
  if (!(seconds > 0 && seconds <= 3600))
    throw fail("SG_CLI_USAGE", `--every is "${text ?? ""}", not a number of seconds`);
  return seconds;
}
