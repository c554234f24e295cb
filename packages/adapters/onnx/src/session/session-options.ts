import type { SessionSettings } from "../onnx-options.ts";
import type { DeviceTarget } from "../probe/providers.ts";

/** Options of a session as ONNX Runtime takes them: plain data. */
export interface EngineSessionOptions {
  readonly executionProviders: readonly { readonly name: string; readonly deviceId?: number }[];
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
  readonly executionMode: "sequential" | "parallel";
  readonly graphOptimizationLevel: SessionSettings["graphOptimization"];
  readonly extra: { readonly session: Readonly<Record<string, unknown>> };
  /** Writes what every node does into a file whose name begins so, until `endProfiling`. */
  readonly enableProfiling?: boolean;
  readonly profileFilePrefix?: string;
}

/**
 * What a session is made with. Only the providers of the device are named: the CPU is never among those of an
 * accelerator, and unless `cpuNodes` allows it the session refuses nodes that would fall back to it.
 */
export function sessionOptions(target: DeviceTarget, settings: SessionSettings): EngineSessionOptions {
  const threads = Math.max(settings.intraOpNumThreads, settings.interOpNumThreads);
  const refuseCpu = target.kind !== "cpu" && settings.cpuNodes === "refuse";
  return {
    executionProviders: target.providers,
    intraOpNumThreads: settings.intraOpNumThreads,
    interOpNumThreads: settings.interOpNumThreads,
    executionMode: settings.interOpNumThreads > 1 ? "parallel" : "sequential",
    graphOptimizationLevel: settings.graphOptimization,
    extra: {
      session: {
        // Waiting threads that spin take the cores the other workers need: 3 times the CPU time for the same work.
        ...(threads > 1 ? { intra_op: { allow_spinning: "0" }, inter_op: { allow_spinning: "0" } } : {}),
        ...(refuseCpu ? { disable_cpu_ep_fallback: "1" } : {}),
      },
    },
  };
}
