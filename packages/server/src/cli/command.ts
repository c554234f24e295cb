import type { ArgsDef, CommandContext } from "citty";
import type { Terminal } from "./terminal.ts";

/** What a command is run with. `rest` holds all positional arguments. */
export interface CommandCall<T extends ArgsDef> {
  readonly args: CommandContext<T>["args"];
  readonly rest: readonly string[];
  readonly json: boolean;
  readonly terminal: Terminal;
}

/** One command of `stargate`. `run` gives the exit code; nothing means 0. */
export interface CliCommand<T extends ArgsDef = ArgsDef> {
  readonly description: string;
  readonly args: T;
  run(call: CommandCall<T>): Promise<number | void>;
}

/** Arguments every command takes. */
export const sharedArgs = {
  config: {
    type: "string",
    alias: "c",
    description: "Configuration file; default: stargate.config.ts or stargate.yaml here",
    valueHint: "file",
  },
  json: { type: "boolean", description: "Answer as JSON", default: false },
} as const satisfies ArgsDef;

/** Declares a command: its own arguments are typed inside, and forgotten outside, where all commands are alike. */
export function defineCliCommand<const T extends ArgsDef>(command: CliCommand<T>): CliCommand {
  return command as unknown as CliCommand; // the dispatcher parses with these very args before it calls run
}
