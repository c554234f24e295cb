import { once } from "node:events";
import { startGateway, type GatewayProcess } from "../gateway/gateway-process.ts";
import type { ClipFiles } from "./model/clip-files.ts";

/** A gateway with the pair of models, all else as it is by default. */
export interface ClipGateway extends AsyncDisposable {
  readonly port: number;
  readonly authorization: string;
  resetDelays(): void;
  delays(): Promise<EventLoopDelays>;
  /** What the models have run so far. */
  counts(): Promise<RunCounts>;
}

export interface EventLoopDelays {
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface RunCounts {
  readonly runs: number;
  readonly items: number;
}

export async function startClipGateway({ vision, text }: ClipFiles, tokenizer: string): Promise<ClipGateway> {
  const clip = { space: "bench-clip", imageModel: "bench-vision", textModel: "bench-text" };
  const gateway: GatewayProcess = await startGateway(
    {},
    {
      adapters: ["onnx", { use: "vision", with: { clip } }],
      models: {
        accept: ["bench-text"], // its tokenizer, which is not ours
        declare: {
          "bench-vision": { ...vision, batching: "first-axis" },
          "bench-text": { ...text, batching: "first-axis", assets: { "tokenizer.json": { path: tokenizer } } },
        },
      },
      compute: { preload: ["bench-vision", "bench-text"] },
    },
  );
  const { child, port, authorization } = gateway;
  return {
    port,
    authorization,
    resetDelays: () => void child.process.send("reset"),
    async delays() {
      const answered = once(child.process, "message");
      child.process.send("report");
      const [delays] = (await answered) as [EventLoopDelays];
      return delays;
    },
    async counts() {
      const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization } });
      const metrics = await response.text();
      return { runs: sumOf(metrics, "stargate_pool_runs_total"), items: sumOf(metrics, "stargate_pool_items_total") };
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

/** All series of a name in the Prometheus text format. */
function sumOf(metrics: string, name: string): number {
  return metrics
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}
