import { stripVTControlCharacters } from "node:util";
import { parseArgs, renderUsage } from "citty";
import { didYouMean, isStargateError, type JsonObject } from "@stargate/kernel";
import { fail } from "../errors/server-errors.ts";
import { serverVersion } from "../version.ts";
import type { CliCommand } from "./command.ts";
import { commands } from "./commands.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

/** Runs one call of `stargate` and gives its exit code. Never throws. */
export async function runCli(rawArgs: readonly string[], terminal: Terminal): Promise<number> {
  const json = rawArgs.includes("--json");
  try {
    return await dispatch(rawArgs, terminal, json);
  } catch (error) {
    report(error, terminal, json);
    return exitCodeOf(error);
  }
}

async function dispatch(rawArgs: readonly string[], terminal: Terminal, json: boolean): Promise<number> {
  const [first, second] = rawArgs;
  if (first === "--version" || first === "-v") {
    terminal.out(`${serverVersion()}\n`);
    return exitCodes.ok;
  }
  const name = [`${first ?? ""} ${second ?? ""}`, first ?? ""].find((words) => words in commands);
  const entry = name === undefined ? undefined : commands[name];
  if (name === undefined || entry === undefined) return withoutCommand(rawArgs, terminal);
  const args = rawArgs.slice(name.split(" ").length);
  const command = await entry.load();
  if (args.includes("--help") || args.includes("-h")) {
    terminal.out(`${await usage(name, entry.summary, command, terminal)}\n`);
    return exitCodes.ok;
  }
  refuseUnknownOptions(args, command, name);
  const parsed = parse(args, command);
  return (await command.run({ args: parsed, rest: parsed._, json, terminal })) ?? exitCodes.ok;
}

function withoutCommand([first]: readonly string[], terminal: Terminal): number {
  if (first === undefined || first === "--help" || first === "-h" || first === "help") {
    terminal.out(overview());
    return first === undefined ? exitCodes.usage : exitCodes.ok;
  }
  const names = Object.keys(commands);
  const inGroup = names.filter((name) => name.startsWith(`${first} `));
  if (inGroup.length > 0) throw fail("SG_CLI_USAGE", `"${first}" needs a second word: ${inGroup.join(", ")}`);
  throw fail("SG_CLI_USAGE", `There is no command "${first}"${didYouMean(first, names)}`, {
    hint: "Run stargate --help for the list.",
  });
}

function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  stargate ${name.padEnd(width)}  ${summary}`);
  return [
    "Stargate: any signal in, the thing you want out.",
    "",
    ...lines,
    "",
    "  stargate <command> --help  Options of a command",
    "",
  ].join("\n");
}

async function usage(name: string, summary: string, command: CliCommand, terminal: Terminal): Promise<string> {
  const text = await renderUsage({ meta: { name: `stargate ${name}`, description: summary }, args: command.args });
  return `${terminal.outIsTty ? text : stripVTControlCharacters(text)}\n\n${command.description}`;
}

/** citty takes any option; a mistyped one would be ignored without a word. */
function refuseUnknownOptions(args: readonly string[], command: CliCommand, name: string): void {
  const known = Object.entries(command.args).flatMap(([option, { type, ...rest }]) => {
    if (type === "positional") return [];
    const aliases = "alias" in rest ? [rest.alias ?? []].flat() : [];
    return [option, ...aliases, ...(type === "boolean" ? [`no-${option}`] : [])];
  });
  for (const arg of args) {
    if (arg === "--") return;
    const option = /^--?([A-Za-z][\w-]*)/.exec(arg)?.[1];
    if (option !== undefined && !known.includes(option))
      throw fail("SG_CLI_USAGE", `stargate ${name} has no option --${option}${didYouMean(option, known)}`, {
        hint: `Run stargate ${name} --help.`,
      });
  }
}

function parse(args: readonly string[], command: CliCommand) {
  try {
    return parseArgs([...args], command.args);
  } catch (cause) {
    throw fail("SG_CLI_USAGE", stripVTControlCharacters(cause instanceof Error ? cause.message : String(cause)), {
      cause,
    });
  }
}

function report(error: unknown, terminal: Terminal, json: boolean): void {
  if (!isStargateError(error)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return terminal.err(
      json ? `${JSON.stringify({ error: { code: "SG_SERVER_INTERNAL", message: text } })}\n` : `error: ${text}\n`,
    );
  }
  const { code, message, hint, details } = error;
  if (json) {
    const told = { code, message, hint, ...(details["issues"] !== undefined && { issues: details["issues"] }) };
    return terminal.err(`${JSON.stringify({ error: told })}\n`);
  }
  terminal.err(`error: ${message}\n${issueLines(details)} hint: ${hint}\n code: ${code}\n`);
}

/** Issues that are shown: of a hundred scenes, most have the same one. */
const MAX_ISSUES = 3;

/** What went wrong before a run failed: `withIssues` of the kernel puts it there. */
function issueLines({ issues, issueCount }: JsonObject): string {
  if (!Array.isArray(issues)) return "";
  const messages = issues.slice(0, MAX_ISSUES).map((issue) => (issue as { readonly message?: unknown }).message);
  const more = Number(issueCount) - messages.length;
  return [...messages.map((message) => ` issue: ${String(message)}\n`), more > 0 ? ` and ${more} more\n` : ""].join("");
}
