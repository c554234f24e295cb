import type { CliCommand } from "./command.ts";

/** A command, loaded when it is called: `stargate --help` imports none of them. */
export interface CommandEntry {
  readonly summary: string;
  load(): Promise<CliCommand>;
}

/** Every command by its words. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  serve: { summary: "Start the gateway", load: async () => (await import("./commands/serve.ts")).serve },
  run: {
    summary: "Turn a file into what you want, without a server",
    load: async () => (await import("./commands/run.ts")).run,
  },
  transcribe: {
    summary: "Turn a recording into a transcript or subtitles, without a server",
    load: async () => (await import("./commands/transcribe.ts")).transcribe,
  },
  "watch-area": {
    summary: "Watch an area of the earth for change",
    load: async () => (await import("./commands/watch-area.ts")).watchArea,
  },
  plan: {
    summary: "Explain which way the gate would go, and why not another",
    load: async () => (await import("./commands/plan.ts")).plan,
  },
  explain: {
    summary: "Explain why the models of a receipt ran where they ran",
    load: async () => (await import("./commands/explain.ts")).explain,
  },
  top: {
    summary: "Watch what a running gateway computes, how busy it is and what that takes",
    load: async () => (await import("./commands/top.ts")).top,
  },
  service: {
    summary: "Watch a folder: what is dropped in comes out as what you want",
    load: async () => (await import("./commands/service.ts")).service,
  },
  "pipelines lint": {
    summary: "Check the configured pipelines, or the files named",
    load: async () => (await import("./commands/pipelines-lint.ts")).pipelinesLint,
  },
  adapters: {
    summary: "List the open adapters and what they can do",
    load: async () => (await import("./commands/adapters.ts")).adapters,
  },
  "models list": {
    summary: "List the models, and which of them are on this machine",
    load: async () => (await import("./commands/models.ts")).modelsList,
  },
  "models pull": {
    summary: "Download models, verified",
    load: async () => (await import("./commands/models.ts")).modelsPull,
  },
  "models verify": {
    summary: "Read every model file and check its digest",
    load: async () => (await import("./commands/models.ts")).modelsVerify,
  },
  "models bundle": {
    summary: "Write models to one file, for a machine without a network",
    load: async () => (await import("./commands/models.ts")).modelsBundle,
  },
  "models load": {
    summary: "Take the models of a bundle",
    load: async () => (await import("./commands/models.ts")).modelsLoad,
  },
  "models gc": {
    summary: "Remove model files that nothing needs",
    load: async () => (await import("./commands/models.ts")).modelsGc,
  },
  "jobs list": {
    summary: "List the jobs of a running gateway",
    load: async () => (await import("./commands/jobs.ts")).jobsList,
  },
  "jobs show": {
    summary: "How far a job of a running gateway is",
    load: async () => (await import("./commands/jobs.ts")).jobsShow,
  },
  "jobs cancel": {
    summary: "Cancel a job of a running gateway",
    load: async () => (await import("./commands/jobs.ts")).jobsCancel,
  },
  doctor: {
    summary: "Look for what is wrong with configuration and machine",
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  "keys create": {
    summary: "Make an API key; it is shown once",
    load: async () => (await import("./commands/keys.ts")).keysCreate,
  },
  "keys list": {
    summary: "List the API keys by id and tenant",
    load: async () => (await import("./commands/keys.ts")).keysList,
  },
  "keys revoke": { summary: "Remove an API key", load: async () => (await import("./commands/keys.ts")).keysRevoke },
};
