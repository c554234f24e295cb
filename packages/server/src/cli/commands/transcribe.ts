import { basename } from "node:path";
import type { Answer, JsonObject } from "@stargate/kernel";
import { fail } from "../../errors/server-errors.ts";
import { envelopeText } from "../../gateway/envelope.ts";
import { loadPipelines } from "../../gateway/load-pipelines.ts";
import { checkNeeds } from "../../transcriptions/check-needs.ts";
import type { TranscribeOption } from "../../transcriptions/transcribe-options.ts";
import { createTranscriptionModels } from "../../transcriptions/transcription-models.ts";
import { writeTranscription } from "../../transcriptions/write-transcription.ts";
import { defineCliCommand, sharedArgs } from "../command.ts";
import { openInput } from "../input-files.ts";
import { withSession, type Session } from "../open-session.ts";
import { mediaTypeForFile, writeOutput } from "../output-file.ts";
import { createProgress } from "../progress.ts";
import { receiptSummary } from "../receipt-summary.ts";
import type { Terminal } from "../terminal.ts";

/** Media types by the word after --format. */
const formats: Readonly<Record<string, string>> = {
  text: "text/plain",
  srt: "application/x-subrip",
  vtt: "text/vtt",
  tsv: "text/tab-separated-values",
  json: "application/json",
};
const formatNames = [...Object.keys(formats), "verbose_json"];

export const transcribe = defineCliCommand({
  description:
    "Writes what is said in a recording to stdout or --out, what there is to know about it to stderr. Works without a server. --format json has everything, verbose_json is OpenAI's.",
  args: {
    ...sharedArgs,
    file: { type: "positional", description: "Recording, - for stdin", required: true },
    format: { type: "string", alias: "f", description: formatNames.join(", "), valueHint: "format" },
    words: { type: "boolean", description: "Times of words, in json and verbose_json", default: false },
    language: { type: "string", description: "ISO 639-1 code; default: found out", valueHint: "code" },
    translate: { type: "boolean", description: "Into English", default: false },
    prompt: { type: "string", description: "Names, spelling and style to follow", valueHint: "text" },
    model: { type: "string", description: "Model, or pipeline of the configuration", valueHint: "name" },
    out: {
      type: "string",
      alias: "o",
      description: "Write it here; the extension picks the format",
      valueHint: "file",
    },
  },
  run: ({ args, json, terminal }) =>
    withSession(terminal, args.config, async (session) => {
      const { gate, loaded } = session;
      const { format } = args;
      if (format !== undefined && !formatNames.includes(format))
        throw fail("SG_CLI_USAGE", `--format is "${format}", not one of ${formatNames.join(", ")}`);
      const pipelines = await loadPipelines(gate, loaded.config.pipelines, loaded.directory);
      const model = createTranscriptionModels(gate, pipelines, loaded.config.transcription).find(args.model);
      const { options, needs } = optionsOf(args);
      checkNeeds(model, needs);
      const input = await openInput(args.file, terminal);
      const progress = createProgress(terminal);
      const running = gate.run(
        { [model.input]: input },
        { pipeline: model.graph(options) },
        {
          signal: terminal.signal,
          name: args.file === "-" ? undefined : basename(args.file),
          onEvent: progress.onEvent,
          scratch: session.scratch,
        },
      );
      const answer = await running.finally(() => progress.end());
      await write(session, answer, { format, out: args.out, words: args.words, json, terminal });
    }),
});

interface Wishes {
  readonly words: boolean;
  readonly language?: string | undefined;
  readonly translate: boolean;
  readonly prompt?: string | undefined;
}

function optionsOf({ words, language, translate, prompt }: Wishes): {
  readonly options: JsonObject;
  readonly needs: ReadonlyMap<TranscribeOption, string>;
} {
  const needs = new Map<TranscribeOption, string>();
  if (words) needs.set("words", "--words");
  if (language !== undefined) needs.set("language", "--language");
  if (translate) needs.set("translate", "--translate");
  if (prompt !== undefined) needs.set("prompt", "--prompt");
  return {
    options: {
      ...(words && { words }),
      ...(language !== undefined && { language }),
      ...(translate && { task: "translate" }),
      ...(prompt !== undefined && { prompt }),
    },
    needs,
  };
}

interface WriteOptions {
  readonly format: string | undefined;
  readonly out: string | undefined;
  readonly words: boolean;
  readonly json: boolean;
  readonly terminal: Terminal;
}

async function write({ gate }: Session, answer: Answer, options: WriteOptions): Promise<void> {
  const { format, out, words, json, terminal } = options;
  const { payload, receipt } = answer;
  if (json && out === undefined) return terminal.out(`${await envelopeText(gate, answer, terminal.signal)}\n`);
  const isVerbose = format === "verbose_json";
  const mediaType =
    format === undefined
      ? ((out === undefined ? undefined : mediaTypeForFile(gate, payload, out)) ?? formats["text"])
      : formats[format];
  const { body } = isVerbose
    ? await writeTranscription(gate, payload, { format: "verbose_json", words, segments: true }, terminal.signal)
    : await gate.encode(payload, mediaType, { signal: terminal.signal });
  if (out === undefined) terminal.out(endLine(typeof body === "string" ? body : await new Response(body).text()));
  else await writeOutput(body, out, terminal.directory);
  if (json) terminal.out(`${JSON.stringify({ out, receipt })}\n`);
  else terminal.err(receiptSummary(receipt, out));
}

function endLine(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
