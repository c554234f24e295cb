// A backend for tests of model hosts. What a model does is told by its format's settings; the module runs inside hosts.
import { writeSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type ComputeBackend, createErrorFactory, defineBackend, type TensorMap } from "@stargate/kernel/backend";

export interface TestBackendOptions {
  /** What happens when the backend is made. */
  readonly start?: "throw" | "crash" | "never" | undefined;
}

const errors = {
  SG_TEST_BROKEN: { title: "Broken", meaning: "m", solution: "Mend it.", status: 418, retryable: true, public: true },
} as const;
const fail = createErrorFactory(errors);

/** Held by runs of `hoard`, as a leak would be. */
const hoard: Uint8Array[] = [];
let order = 0;

/** Inputs that models take: any tensor "x", passed on as "y". */
export async function createTestBackend({ start }: TestBackendOptions = {}): Promise<ComputeBackend> {
  if (start === "throw") throw new TypeError("no licence");
  if (start === "crash") {
    console.error("engine: cannot find libengine.so");
    process.exit(7);
  }
  if (start === "never") await new Promise(() => undefined);
  return defineBackend({
    id: "test",
    version: "1.0.0",
    summary: "For tests of model hosts",
    formats: ["test"],
    probe: async () => ({
      backend: "test",
      version: "1.0.0",
      devices: [{ id: "odd", kind: "openvino", available: true }],
    }),
    countFlops: async ({ settings = {} }, { x }) => {
      if (settings["run"] === "crash") process.kill(process.pid, "SIGKILL");
      return 2 * (x?.data.length ?? 0);
    },
    async load({ id, settings = {} }, { device = "cpu", signal }) {
      if (settings["load"] === "hoard") keep(settings["bytes"]);
      if (settings["load"] === "wait") await setTimeout(60_000, undefined, { signal });
      let last: Promise<unknown> = Promise.resolve();
      return {
        signature: {
          inputs: [{ name: "x", dtype: "float32", shape: ["n"] }],
          outputs: [{ name: "y", dtype: "float32", shape: ["n"] }],
        },
        device,
        run(inputs, options) {
          const turn = last.then(() => compute(id, settings, inputs, options.signal));
          last = turn.catch(() => undefined);
          return turn;
        },
        async unload() {
          await last;
        },
      };
    },
  });
}

async function compute(
  id: string,
  settings: Readonly<Record<string, unknown>>,
  { x, ...others }: TensorMap,
  signal: AbortSignal,
): Promise<TensorMap> {
  if (x === undefined) throw fail("SG_TEST_BROKEN", `Model "${id}" needs x`, { details: { id }, hint: "Give it x." });
  switch (settings["run"]) {
    case "throw":
      throw new RangeError("out of bounds");
    case "crash":
      process.kill(process.pid, "SIGKILL");
      return {};
    case "compute":
      block(Number(settings["ms"]));
      break;
    case "wait":
      await setTimeout(60_000, undefined, { signal });
      break;
    case "hoard":
      keep(settings["bytes"]);
      break;
    case "flood":
      for (let index = 0; index < 2000; index++) console.log(`${index} ${"x".repeat(500)}`);
      break;
    case "garble":
      writeSync(3, "\x05\0\0\0what?");
      break;
    case "wrong":
      return { y: { ...x, data: Float32Array.from(x.data as Float32Array, (value) => value * 2 + 1) } };
  }
  order += 1;
  return { y: x, ...others, order: { dtype: "int32", shape: [], data: Int32Array.of(order) } };
}

/** Blocks the thread, as an engine does that computes on it. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function keep(bytes: unknown): void {
  hoard.push(new Uint8Array(Number(bytes)).fill(1));
}

export const notAFunction = 1;
export const notABackend = (): string => "backend";
