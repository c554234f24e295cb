import type { BackendFactory, BackendProbe, DeviceKind, ModelSignature, TensorMap, WireError } from "@stargate/kernel";
import type { HostedSource } from "../model-host.ts";

/** What a gateway says to a host in a thread or a process. `id` is the call, `model` the call that loaded the model. */
export type ToHost =
  /** The first message. */
  | { readonly type: "open"; readonly factory: BackendFactory; readonly lowPriority: boolean }
  | { readonly type: "load"; readonly id: number; readonly source: HostedSource; readonly device: string }
  | { readonly type: "run"; readonly id: number; readonly model: number; readonly tensors: TensorMap }
  | { readonly type: "abort"; readonly id: number }
  /** What devices there are. */
  | { readonly type: "probe"; readonly id: number }
  /** How many operations a run with these inputs takes, of a model that is loaded for that only. */
  | { readonly type: "count"; readonly id: number; readonly source: HostedSource; readonly tensors: TensorMap }
  | { readonly type: "unload"; readonly id: number; readonly model: number }
  /** No more calls: let runs end, unload everything, leave. */
  | { readonly type: "leave" };

/** What a host answers: one message for each call, whether somebody still waits for it or not. */
export type FromHost =
  | { readonly type: "ready" }
  | { readonly type: "refused"; readonly error: WireError }
  | ({
      readonly type: "loaded";
      readonly id: number;
      readonly signature: ModelSignature;
      readonly device: string;
      readonly deviceKind: DeviceKind;
    } & Memory)
  | ({ readonly type: "ran"; readonly id: number; readonly runMs: number; readonly tensors: TensorMap } & Memory)
  | ({ readonly type: "unloaded"; readonly id: number } & Memory)
  | ({ readonly type: "probed"; readonly id: number; readonly probe: BackendProbe } & Memory)
  /** null: the backend cannot tell. */
  | ({ readonly type: "counted"; readonly id: number; readonly flops: number | null } & Memory)
  | ({ readonly type: "failed"; readonly id: number; readonly error: WireError } & Memory);

interface Memory {
  /** What the host's process holds after the call; 0 for a thread, which shares the gateway's. */
  readonly memoryBytes: number;
}
