import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { defineAdapter, defineTransform, text } from "@stargate/kernel";
import { configSchema } from "../../src/config/config-schema.ts";
import { openGateway } from "../../src/gateway/create-gateway.ts";
import { startServer } from "../../src/http/server.ts";

// The gateway that the kill test kills. Argument: its folder, where "runs" tells which steps were really run.

const [directory = ""] = process.argv.slice(2);
const shared = { version: "1.0.0", from: text, to: text, coverage: "whole" } as const;
const ran = (step: string, input: string): void => appendFileSync(join(directory, "runs"), `${step} ${input}\n`);

const prepare = defineTransform({
  ...shared,
  id: "kill.prepare",
  summary: "Upper case, after a while",
  cost: () => ({ ms: 1000 }),
  async run(input) {
    await pause(5);
    ran("prepare", input);
    return input.toUpperCase();
  },
});
const finish = defineTransform({
  ...shared,
  id: "kill.finish",
  summary: "Adds a full stop, after a while",
  deterministic: false,
  async run(input) {
    ran("finish", input);
    await pause(20);
    while (input.startsWith("HELD") && !existsSync(join(directory, "go"))) await pause(20);
    return `${input}.`;
  },
});
const graph = {
  stargate: 1 as const,
  name: "work",
  inputs: { input: "text" },
  steps: [
    { kind: "transform" as const, id: "prepare", use: "kill.prepare", from: "input" },
    { kind: "transform" as const, id: "finish", use: "kill.finish", from: "prepare" },
  ],
  output: "finish",
};
const adapter = defineAdapter({
  spec: 1,
  id: "kill",
  version: "1.0.0",
  summary: "Slow steps",
  transforms: [prepare, finish],
});
const config = configSchema.parse({
  server: { port: 0 },
  pipelines: [{ graph }],
  results: { persist: true },
  jobs: { maxRunning: 3, maxAttempts: 1000 },
  scratch: { directory: join(directory, "scratch") },
  limits: { memoryBodyBytes: 1000 },
  log: { level: "silent" },
});
// Everything is loaded: the test says when to begin, so that its kills hit the work and not the loading.
await new Promise((resolve) => {
  process.once("message", resolve);
  process.send?.("loaded");
});
const gateway = await openGateway({ config, directory }, { adapters: [adapter] });
const server = await startServer(gateway);
process.send?.(server.url);
process.on("SIGTERM", () => {
  void server
    .stop({ announceMs: 0 })
    .then(() => gateway[Symbol.asyncDispose]())
    .then(() => process.disconnect?.());
});
