import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Adapter } from "@stargate/kernel";
import { pino } from "pino";
import { configSchema, type ConfigInput } from "../../src/config/config-schema.ts";
import { openGateway, type OpenGateway } from "../../src/gateway/create-gateway.ts";
import { startServer, type RunningServer } from "../../src/http/server.ts";
import { demoAdapter, oneStep, type Brake } from "./demo-adapter.ts";

export interface TestGateway extends AsyncDisposable {
  readonly url: string;
  readonly gateway: OpenGateway;
  readonly server: RunningServer;
  readonly brake: Brake;
  /** Lines of the log, parsed. */
  readonly log: readonly Record<string, unknown>[];
  readonly directory: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export const demoPipelines = [
  oneStep("shout", "demo.shout"),
  oneStep("count", "demo.count"),
  oneStep("pair", "demo.pair", { first: "text", second: "text" }),
  oneStep("half", "demo.half"),
  oneStep("wait", "demo.wait"),
  oneStep("secretive", "demo.secretive"),
];

/** A real gateway on a free loopback port, in a folder of its own. */
export async function startTestGateway(config: ConfigInput = {}, adapters?: readonly Adapter[]): Promise<TestGateway> {
  const directory = await mkdtemp(join(tmpdir(), "stargate-test-"));
  const { adapter, brake } = demoAdapter();
  const log: Record<string, unknown>[] = [];
  const parsed = configSchema.parse({
    pipelines: demoPipelines,
    ...config,
    server: { port: 0, announceMs: 0, ...config.server },
    scratch: { directory: join(directory, "scratch"), ...config.scratch },
  });
  const logger = pino(
    { base: null, level: config.log?.level ?? "info" },
    { write: (line) => void log.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const gateway = await openGateway({ config: parsed, directory }, { adapters: adapters ?? [adapter], log: logger });
  const server = await startServer(gateway);
  return {
    url: server.url,
    gateway,
    server,
    brake,
    log,
    directory,
    fetch: (path, init) => fetch(server.url + path, init),
    async [Symbol.asyncDispose]() {
      await server.stop({ announceMs: 0 });
      await gateway[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
