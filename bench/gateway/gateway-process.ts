import { execFile } from "node:child_process";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ConfigInput } from "@stargate/server";
import { startNode, type Child } from "../support/child-process.ts";

const commandLine = new URL("../../packages/server/src/cli/main.ts", import.meta.url).pathname;
const here = (file: string): string => new URL(`processes/${file}`, import.meta.url).pathname;

/** A real gateway in a process of its own: the command line's `serve`, with an API key, metrics, tracing and its log. */
export interface GatewayProcess extends AsyncDisposable {
  readonly child: Child;
  readonly port: number;
  /** What the caller sends to be let in. */
  readonly authorization: string;
}

/** Starts a gateway with the bench's transforms and pipelines of one step each. */
export async function startGateway(
  pipelines: Readonly<Record<string, { readonly input: string; readonly use: string; readonly with?: object }>>,
  config: Pick<ConfigInput, "adapters" | "allow" | "compute" | "limits" | "models" | "results"> = {},
): Promise<GatewayProcess> {
  const directory = await mkdtemp(join(tmpdir(), "stargate-bench-"));
  const whole: ConfigInput = {
    server: { announceMs: 0 },
    auth: { required: true },
    adapters: [here("bench-adapter.ts")],
    ...config,
    pipelines: Object.entries(pipelines).map(([name, { input, ...step }]) => ({
      name,
      input,
      steps: [{ id: "step", ...step }],
    })),
  };
  const file = join(directory, "stargate.yaml"); // YAML takes JSON
  await writeFile(file, JSON.stringify(whole));
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--conditions=@stargate/source",
    commandLine,
    "keys",
    "create",
    "--tenant=bench",
    "--json",
    `--config=${file}`,
  ]);
  const { key } = JSON.parse(stdout) as { readonly key: string };
  const log = await open(join(directory, "log"), "w");
  try {
    const child = await startNode(commandLine, {
      arguments: ["serve", "--json", "--port", "0", "--config", file],
      nodeArguments: [`--import=${here("record-spans.ts")}`, `--import=${here("watch-event-loop.ts")}`],
      errorOutput: log.fd,
      messages: true,
    });
    return {
      child,
      port: Number(new URL(String(child.ready["url"])).port),
      authorization: `Bearer ${key}`,
      async [Symbol.asyncDispose]() {
        await child[Symbol.asyncDispose]();
        await log.close();
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await log.close();
    throw error;
  }
}
