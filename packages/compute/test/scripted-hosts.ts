import { fail, type Clock, type ModelSignature, type StargateError, type TensorMap } from "@stargate/kernel";
import type { HostRetirement, HostedModel, ModelHost, OpenModelHost } from "../src/hosts/model-host.ts";

/** One run as a host saw it. */
export interface SeenRun {
  readonly host: string;
  readonly model: string;
  readonly values: readonly number[];
  readonly atMs: number;
}

export interface ScriptedHostsOptions {
  readonly clock: Clock;
  /** Time of a run; default 10 ms and 1 ms per item. */
  readonly runMs?: ((items: number) => number) | undefined;
  readonly startMs?: number | undefined;
  readonly loadMs?: number | undefined;
  readonly unloadMs?: number | undefined;
  readonly signature?: ModelSignature | undefined;
  /** What models answer instead of twice their input. */
  readonly outputs?: ((inputs: TensorMap) => TensorMap) | undefined;
  readonly keepsInputs?: boolean | undefined;
  /** Runs side by side, as calls of a remote server. */
  readonly isParallel?: boolean | undefined;
  /** Looks at a run before it begins: what it throws is how the run ends, "crash" ends the host, "hang" nothing ever. */
  readonly onRun?: ((run: SeenRun, host: ScriptedHost) => "crash" | "hang" | undefined) | undefined;
  /** Looks at a load: throws, or ends the host. */
  readonly onLoad?: ((model: string, host: ScriptedHost) => "crash" | undefined) | undefined;
  /** Looks at a start: throws when it fails. */
  readonly onOpen?: ((count: number) => void) | undefined;
}

export interface ScriptedHost extends ModelHost {
  /** Ends it as a SIGKILL does. */
  kill(): void;
  retire(): void;
  readonly isClosed: boolean;
  readonly loaded: ReadonlySet<string>;
}

export interface ScriptedHosts {
  readonly open: OpenModelHost;
  readonly hosts: readonly ScriptedHost[];
  readonly runs: readonly SeenRun[];
  /** Models loaded so far, in order: "host model". */
  readonly loads: readonly string[];
}

const signatureOfDoubling: ModelSignature = {
  inputs: [{ name: "x", dtype: "float32", shape: ["batch", 2] }],
  outputs: [{ name: "y", dtype: "float32", shape: ["batch", 2] }],
};

/**
 * Hosts whose models double their input "x" into "y", one run after the other, taking time on a fake clock. They behave
 * as real ones do: a lost host rejects what it was doing first and says so then.
 */
export function scriptedHosts(options: ScriptedHostsOptions): ScriptedHosts {
  const hosts: ScriptedHost[] = [];
  const runs: SeenRun[] = [];
  const loads: string[] = [];
  const { clock } = options;
  return {
    hosts,
    runs,
    loads,
    async open({ signal }) {
      await pause(clock, options.startMs ?? 0);
      signal.throwIfAborted();
      options.onOpen?.(hosts.length);
      const host = scriptedHost(`host/${hosts.length}`, options, runs, loads);
      hosts.push(host);
      return host;
    },
  };
}

function scriptedHost(id: string, options: ScriptedHostsOptions, runs: SeenRun[], loads: string[]): ScriptedHost {
  const { clock, runMs = (items) => 10 + items } = options;
  const lost = Promise.withResolvers<StargateError>();
  const retirement = Promise.withResolvers<HostRetirement>();
  const loaded = new Set<string>();
  const waiting = new Set<(error: StargateError) => void>();
  let last: Promise<unknown> = Promise.resolve();
  let ended: StargateError | undefined;
  const end = (reason: string): void => {
    if (ended !== undefined) return;
    ended = fail("SG_COMPUTE_HOST_LOST", `Model host ${id} ${reason}`);
    for (const reject of waiting) reject(ended);
    lost.resolve(ended);
  };
  const untilEnd = <Result>(work: Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      waiting.add(reject);
      void work.then(resolve, reject).finally(() => waiting.delete(reject));
    });
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const turn = options.isParallel === true ? work() : last.then(work);
    last = turn.catch(() => undefined);
    return untilEnd(turn);
  };
  const host: ScriptedHost = {
    id,
    processId: undefined,
    keepsInputs: options.keepsInputs ?? true,
    lost: lost.promise,
    retirement: retirement.promise,
    memoryBytes: 0,
    loaded,
    kill: () => end("was killed"),
    retire: () => retirement.resolve({ reason: "memory", memoryBytes: 2, ceilingBytes: 1 }),
    get isClosed() {
      return ended !== undefined;
    },
    load: ({ model }) =>
      inTurn(async () => {
        if (options.onLoad?.(model, host) === "crash") end("ended while loading");
        await pause(clock, options.loadMs ?? 0);
        loaded.add(model);
        loads.push(`${id} ${model}`);
        return modelOf(model);
      }),
    async close({ force = false } = {}) {
      if (!force) await last;
      end("was closed");
    },
  };
  const modelOf = (model: string): HostedModel => ({
    signature: options.signature ?? signatureOfDoubling,
    device: "cpu",
    deviceKind: "cpu",
    run: (given, { signal }) =>
      inTurn(async () => {
        const aborted = new Promise<never>((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
        });
        aborted.catch(() => undefined); // most runs end without it
        const inputs = options.keepsInputs === false ? takenOver(given) : given;
        const x = inputs["x"];
        const values = Array.from(x?.data ?? [], Number);
        const run: SeenRun = { host: id, model, values, atMs: clock.nowMs() };
        const items = x?.shape[0] ?? 1;
        runs.push(run);
        const fate = options.onRun?.(run, host);
        if (fate === "crash") end("ended during a run");
        if (fate === "hang") await aborted;
        await Promise.race([pause(clock, runMs(items)), aborted]);
        return { outputs: (options.outputs ?? doubled)(inputs), runMs: runMs(items) };
      }),
    async unload() {
      await last;
      await pause(clock, options.unloadMs ?? 0);
      loaded.delete(model);
    },
  });
  return host;
}

function doubled(inputs: TensorMap): TensorMap {
  const x = inputs["x"];
  const data = Float32Array.from(Array.from(x?.data ?? [], Number), (value) => 2 * value);
  return { y: { dtype: "float32", shape: x?.shape ?? [], data } };
}

/** As a thread takes over what is posted to it. */
function takenOver(inputs: TensorMap): TensorMap {
  const buffers = Object.values(inputs).flatMap(({ data }) => (ArrayBuffer.isView(data) ? [data.buffer] : []));
  const transfer = buffers as ArrayBuffer[]; // none of them is shared
  return structuredClone({ ...inputs }, { transfer });
}

function pause(clock: Clock, ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => void clock.timer(ms, resolve));
}
