import { basename, resolve } from "node:path";
import type { Answer, GateInput, Goal, JsonObject } from "@stargate/kernel";
import { fail } from "../../errors/server-errors.ts";
import { envelopeText } from "../../gateway/envelope.ts";
import { defineCliCommand, sharedArgs } from "../command.ts";
import { openInput } from "../input-files.ts";
import { withSession, type Session } from "../open-session.ts";
import { mediaTypeForFile, modalityForFile, writeOutput } from "../output-file.ts";
import { createProgress } from "../progress.ts";
import { receiptSummary } from "../receipt-summary.ts";
import type { Terminal } from "../terminal.ts";

const args = {
  ...sharedArgs,
  file: {
    type: "positional",
    description: "Input file, - for stdin; name=FILE for a pipeline with several inputs",
    required: true,
  },
  to: { type: "string", description: "Modality wanted: text, page-text, invoice ...", valueHint: "modality" },
  pipeline: {
    type: "string",
    description: "Pipeline file to run, or the name of a configured one, instead of --to",
    valueHint: "file",
  },
  from: { type: "string", description: "Read the input as this modality or media type", valueHint: "modality" },
  with: {
    type: "string",
    description: 'Options by transform id: \'{"ocr.read":{"languages":["eng"]}}\'',
    valueHint: "json",
  },
  out: {
    type: "string",
    alias: "o",
    description: "Write the answer here; the extension picks the encoding",
    valueHint: "file",
  },
  accept: { type: "string", description: "Media type of the answer", valueHint: "type" },
  "deadline-ms": { type: "string", description: "Give up after this many milliseconds", valueHint: "number" },
} as const;

export const run = defineCliCommand({
  description:
    "Writes the answer to stdout or --out, what there is to know about it to stderr. --json gives {output, receipt}.",
  args,
  async run({ args: given, rest, json, terminal }) {
    await withSession(terminal, given.config, async (session) => {
      const input = await inputOf(rest, terminal);
      const goal = await goalOf(session, given, terminal, input);
      const progress = createProgress(terminal);
      try {
        const [first, second] = rest;
        const answer = await session.gate.run(input, goal, {
          policy: { deadlineMs: deadlineOf(given["deadline-ms"]) ?? session.loaded.config.limits.maxRunMs },
          signal: terminal.signal,
          as: given.from,
          name: first === undefined || second !== undefined ? undefined : basename(first),
          onEvent: progress.onEvent,
          scratch: session.scratch,
        });
        progress.end();
        await write(session, answer, { out: given.out, accept: given.accept, json, terminal });
      } finally {
        progress.end();
      }
    });
  },
});

async function goalOf(
  { gate, loaded }: Session,
  given: {
    to?: string | undefined;
    pipeline?: string | undefined;
    with?: string | undefined;
    out?: string | undefined;
  },
  terminal: Terminal,
  input: GateInput,
): Promise<Goal> {
  if ((given.to === undefined) === (given.pipeline === undefined))
    throw fail("SG_CLI_USAGE", "Say what you want with either --to or --pipeline");
  if (given.to !== undefined) {
    const wanted = gate.registry.modality(given.to).id;
    const to =
      given.out !== undefined && input instanceof Blob ? await modalityForFile(gate, wanted, input, given.out) : wanted;
    return { to, with: optionsOf(given.with) };
  }
  const { lintPipelines } = await import("../../gateway/load-pipelines.ts");
  const name = given.pipeline ?? "";
  const configured = (await lintPipelines(gate, loaded.config.pipelines, loaded.directory)).find(
    (finding) => "pipeline" in finding && finding.pipeline.name === name,
  );
  const [found] =
    configured === undefined
      ? await lintPipelines(gate, [resolve(terminal.directory, name)], terminal.directory)
      : [configured];
  if (found === undefined) throw fail("SG_CLI_FILE", `There is no pipeline in ${name}`);
  if ("error" in found) throw found.error instanceof Error ? found.error : fail("SG_CLI_FILE", String(found.error));
  return { pipeline: found.pipeline.compiled };
}

async function inputOf(rest: readonly string[], terminal: Terminal): Promise<GateInput> {
  const [only, ...others] = rest;
  if (only === undefined) throw fail("SG_CLI_USAGE", "Name the file to read, or - for stdin");
  const named = rest.map((argument) => /^([a-z][A-Za-z0-9-]*)=(.+)$/s.exec(argument));
  if (others.length === 0 && named[0] === null) return openInput(only, terminal);
  const inputs: Record<string, Blob> = {};
  for (const [index, match] of named.entries()) {
    const [, name, file] = match ?? [];
    if (name === undefined || file === undefined)
      throw fail("SG_CLI_USAGE", `"${rest[index] ?? ""}" does not say which input it is`, {
        hint: "Write name=FILE for each input of the pipeline.",
      });
    inputs[name] = await openInput(file, terminal);
  }
  return inputs;
}

function optionsOf(text: string | undefined): Readonly<Record<string, JsonObject>> | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Readonly<Record<string, JsonObject>>; // the transforms' own schemas check it
  } catch (cause) {
    throw fail("SG_CLI_USAGE", "--with is not JSON", { cause });
  }
}

function deadlineOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const deadlineMs = Number(text);
  if (!(deadlineMs > 0)) throw fail("SG_CLI_USAGE", `--deadline-ms is "${text}", not a number above 0`);
  return deadlineMs;
}

interface WriteOptions {
  readonly out: string | undefined;
  readonly accept: string | undefined;
  readonly json: boolean;
  readonly terminal: Terminal;
}

async function write({ gate }: Session, answer: Answer, { out, accept, json, terminal }: WriteOptions): Promise<void> {
  if (json && out === undefined) return terminal.out(`${await envelopeText(gate, answer, terminal.signal)}\n`);
  const wanted = accept ?? (out === undefined ? undefined : mediaTypeForFile(gate, answer.payload, out));
  const { body, mediaType } = await gate.encode(answer.payload, wanted, { signal: terminal.signal });
  if (out !== undefined) await writeOutput(body, out, terminal.directory);
  else if (typeof body === "string") terminal.out(body.endsWith("\n") ? body : `${body}\n`);
  else if (terminal.outIsTty)
    throw fail("SG_CLI_USAGE", `The answer is ${mediaType}, which a terminal cannot show`, {
      hint: "Write it to a file with --out.",
    });
  else terminal.out(new Uint8Array(await new Response(body).arrayBuffer()));
  if (json) terminal.out(`${JSON.stringify({ out, mediaType, receipt: answer.receipt })}\n`);
  else terminal.err(receiptSummary(answer.receipt, out));
}
