import { isStargateError } from "@stargate/kernel";
import { pipelineInputs, pipelineOutput } from "../../gateway/configured-pipeline.ts";
import { lintPipelines, type PipelineFinding } from "../../gateway/load-pipelines.ts";
import { defineCliCommand, sharedArgs } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { withSession, type Session } from "../open-session.ts";

export const pipelinesLint = defineCliCommand({
  description: "Without files, the pipelines of the configuration are checked. Exit code 6 when one is wrong.",
  args: { ...sharedArgs, files: { type: "positional", description: "Pipeline files or folders", required: false } },
  async run({ args, rest, json, terminal }) {
    return withSession(terminal, args.config, async (session) => {
      const { config, directory } = session.loaded;
      const findings =
        rest.length > 0
          ? await lintPipelines(session.gate, rest, terminal.directory)
          : await lintPipelines(session.gate, config.pipelines, directory);
      const lines = findings.map((finding) => describe(session, finding));
      if (json) terminal.out(`${JSON.stringify({ pipelines: lines })}\n`);
      else terminal.out(lines.length === 0 ? "There are no pipelines.\n" : lines.map(formatLine).join(""));
      return lines.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.problems;
    });
  },
});

interface LintLine {
  readonly ok: boolean;
  readonly file: string | null;
  readonly name?: string;
  readonly takes?: readonly string[];
  readonly gives?: string;
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
}

function describe({ gate }: Session, finding: PipelineFinding): LintLine {
  const { file } = finding;
  if ("pipeline" in finding) {
    const { pipeline } = finding;
    return {
      ok: true,
      file,
      name: pipeline.name,
      takes: pipelineInputs(gate, pipeline).map(({ name, modality }) => `${name}: ${modality}`),
      gives: pipelineOutput(gate, pipeline).modality,
    };
  }
  const { error } = finding;
  if (!isStargateError(error)) return { ok: false, file, message: String(error) };
  return { ok: false, file, code: error.code, message: error.message, hint: error.hint };
}

function formatLine(line: LintLine): string {
  const place = line.file ?? "(configuration)";
  if (line.ok)
    return `ok     ${line.name ?? ""}  ${(line.takes ?? []).join(", ")} -> ${line.gives ?? ""}  (${place})\n`;
  return `error  ${place}: ${line.message ?? ""}${line.hint === undefined ? "" : `\n       hint: ${line.hint}`}\n`;
}
