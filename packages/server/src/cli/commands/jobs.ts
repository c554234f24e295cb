import { z } from "zod";
import { fail } from "../../errors/server-errors.ts";
import { jobProgressSchema, jobStates } from "../../jobs/job.ts";
import { askGateway, gatewayArgs } from "../ask-gateway.ts";
import { defineCliCommand, sharedArgs } from "../command.ts";
import { progressText } from "../progress.ts";

/** What is read of a job that a gateway describes. */
const jobSchema = z.object({
  id: z.string(),
  state: z.enum(jobStates),
  pipeline: z.string().nullable(),
  name: z.string().nullable(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
  attempts: z.number(),
  progress: jobProgressSchema.nullable(),
  partialResults: z.number(),
  receipt: z.string().nullable(),
  result: z.string().nullable(),
  problem: z.object({ code: z.string(), detail: z.string(), hint: z.string() }).nullable(),
});
type DescribedJob = z.output<typeof jobSchema>;

const args = { ...sharedArgs, ...gatewayArgs } as const;
const idArgs = { ...args, id: { type: "positional", description: "Id of the job", required: true } } as const;

export const jobsList = defineCliCommand({
  description: "The jobs of a running gateway, the newest first: requests with `Prefer: respond-async`.",
  args: {
    ...args,
    state: { type: "string", description: jobStates.join(", "), valueHint: "state" },
    limit: { type: "string", description: "How many at most", valueHint: "number" },
  },
  async run({ args: given, json, terminal }) {
    const query = new URLSearchParams();
    if (given.state !== undefined) query.set("state", given.state);
    if (given.limit !== undefined) query.set("limit", given.limit);
    const answer = await askGateway(terminal, given, `/v1/jobs?${query.toString()}`);
    if (json) return terminal.out(`${JSON.stringify(answer)}\n`);
    const { jobs } = z.object({ jobs: z.array(jobSchema) }).parse(answer);
    terminal.out(jobs.length === 0 ? "There are no jobs.\n" : `${jobs.map(line).join("\n")}\n`);
  },
});

export const jobsShow = defineCliCommand({
  description: "How far a job of a running gateway is, and what became of it.",
  args: idArgs,
  async run({ args: given, json, terminal }) {
    const answer = await askGateway(terminal, given, jobPath(given.id));
    terminal.out(json ? `${JSON.stringify(answer)}\n` : described(jobSchema.parse(answer)));
  },
});

export const jobsCancel = defineCliCommand({
  description: "Ends a job of a running gateway; one that has ended stays as it is.",
  args: idArgs,
  async run({ args: given, json, terminal }) {
    const answer = await askGateway(terminal, given, jobPath(given.id), { method: "DELETE" });
    terminal.out(json ? `${JSON.stringify(answer)}\n` : described(jobSchema.parse(answer)));
  },
});

function jobPath(id: string): string {
  if (!/^[0-9a-f]{32}$/.test(id))
    throw fail("SG_CLI_USAGE", `"${id}" is no id of a job`, { hint: "Run stargate jobs list for the ids." });
  return `/v1/jobs/${id}`;
}

function line({ id, state, pipeline, name, createdAt, progress }: DescribedJob): string {
  const how = state === "running" && progress !== null ? ` ${progressText(progress)}` : "";
  const what = [pipeline ?? "convert", name].filter((part) => part !== null).join(" ");
  return `${id}  ${state.padEnd(9)}  ${createdAt}  ${what}${how}`;
}

function described(job: DescribedJob): string {
  const { state, attempts, progress, partialResults, endedAt, receipt, result, problem } = job;
  const lines = [
    `job       ${job.id}`,
    `state     ${state}`,
    `what      ${[job.pipeline ?? "convert", job.name].filter((part) => part !== null).join(" ")}`,
    `created   ${job.createdAt}`,
    ...(endedAt === null ? [] : [`ended     ${endedAt}`]),
    ...(attempts > 1 ? [`attempts  ${attempts}`] : []),
    ...(progress === null ? [] : [`progress  ${progress.step}: ${progressText(progress)}`]),
    ...(partialResults === 0 ? [] : [`partial   ${partialResults}`]),
    ...(receipt === null ? [] : [`receipt   ${receipt}`]),
    ...(result === null ? [] : [`result    ${result}`]),
    ...(problem === null ? [] : [`problem   ${problem.detail} (${problem.code})`, `hint      ${problem.hint}`]),
  ];
  return `${lines.join("\n")}\n`;
}
