import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigInput } from "@stargate/server";
import { FaultControl } from "../../test/support/faults/fault-control.ts";
import { writePerceptron } from "../../test/support/faults/perceptron.ts";
import { startNode, type Child } from "../support/child-process.ts";

const commandLine = new URL("../../packages/server/src/cli/main.ts", import.meta.url).pathname;
const adapterFile = new URL("../../test/support/faults/faults-adapter.ts", import.meta.url).pathname;
const pluginsFile = new URL("processes/plugins-adapter.ts", import.meta.url).pathname;

/** A small model, padded to what it would take on a device of its own: two shared cores cannot compute for three. */
const DEVICE_MS = 20;
/** For overload: five times what such devices can do is still little for client and gateway, which share two cores. */
const SLOW_DEVICE_MS = 100;
const WIDTH = 64;

export interface FaultGatewayOptions {
  /** Slots by pool. */
  readonly pools: Readonly<Record<string, number>>;
  /** More of the compute configuration of a pool. */
  readonly maxHostBytes?: number;
  readonly config?: ConfigInput;
  readonly nodeArguments?: readonly string[];
}

/** Pipelines of one or two steps, each of them one call of a model. */
export type AskPath = "device" | "slow" | "shared" | "large" | "twice";

export interface FaultGateway extends AsyncDisposable {
  readonly child: Child;
  readonly port: number;
  readonly directory: string;
  pool(name: string): FaultControl;
  /** Starts it again in the same folder, on the same port, after it has ended. */
  restart(): Promise<void>;
}

/** Path of a pipeline: a padded model whose calls run one by one, fast or slow; one whose calls share runs; 19 million weights; two steps. */
export const pathOf = (pipeline: AskPath): string => `/v1/pipelines/${pipeline}`;

/** A gateway process with ONNX Runtime in model hosts that fail when they are told to. */
export async function startFaultGateway(options: FaultGatewayOptions): Promise<FaultGateway> {
  const { pools, config = {}, maxHostBytes, nodeArguments = [] } = options;
  const directory = await mkdtemp(join(tmpdir(), "stargate-faults-"));
  const names = Object.keys(pools);
  const controls = new Map(names.map((name) => [name, new FaultControl(directory, name)]));
  const small = { folder: join(directory, "small"), sizes: [WIDTH, 64, 8], deviceMs: DEVICE_MS };
  const ask = (model: string, width = WIDTH) => ({ use: "faults.ask", with: { model, width } });
  const whole: ConfigInput = {
    server: { announceMs: 500 },
    log: { level: "warn" },
    results: { enabled: false },
    adapters: [{ use: adapterFile, with: { folder: directory, pools: names } }, pluginsFile],
    models: {
      declare: {
        device: await writePerceptron({ ...small, batching: "none" }),
        slow: await writePerceptron({ ...small, batching: "none", deviceMs: SLOW_DEVICE_MS }),
        shared: await writePerceptron(small),
        large: await writePerceptron({ folder: join(directory, "large"), sizes: [1024, 3072, 3072, 2048, 64] }),
      },
    },
    pipelines: [
      pipeline("device", ask("device")),
      pipeline("slow", ask("slow")),
      pipeline("shared", ask("shared")),
      pipeline("large", ask("large", 1024)),
      pipeline("twice", { use: "plugins.listens", with: { file: join(directory, "given-up") } }, ask("device"), {
        use: "faults.ask-again",
        with: { model: "device", width: WIDTH },
      }),
      ...["throws", "hangs", "hoard", "spin", "flood"].map((name) => pipeline(name, { use: `plugins.${name}` })),
    ],
    ...config,
    compute: {
      pools: Object.fromEntries(
        Object.entries(pools).map(([name, slots]) => [
          name,
          { backend: name, slots, ...(maxHostBytes !== undefined && { maxHostBytes }) },
        ]),
      ),
      ...config.compute,
    },
  };
  const file = join(directory, "stargate.yaml"); // YAML takes JSON
  await writeFile(file, JSON.stringify(whole));
  const log = await open(join(directory, "log"), "a");
  const start = (port: number): Promise<Child> =>
    startNode(commandLine, {
      arguments: ["serve", "--json", "--port", String(port), "--config", file],
      nodeArguments,
      errorOutput: log.fd,
    });
  let child = await start(0);
  const port = Number(new URL(String(child.ready["url"])).port);
  return {
    get child() {
      return child;
    },
    port,
    directory,
    pool: (name) => controls.get(name) ?? new FaultControl(directory, name),
    async restart() {
      child = await start(port);
    },
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]();
      await log.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function pipeline(name: string, ...steps: readonly { readonly use: string; readonly with?: object }[]) {
  return { name, input: "text", steps: steps.map((step, index) => ({ id: `step-${index + 1}`, ...step })) };
}
