import { type Host, type Log, noCompute } from "@stargate/kernel";
import { digestBlob } from "./digest-blob.ts";
import { createFetchGate, type FetchGate, type GatedFetchOptions } from "./fetch/gated-fetch.ts";
import { silentLog } from "./log-adapter.ts";
import { createNodeClock } from "./node-clock.ts";
import { createRandomIds } from "./random-id.ts";
import { createOffloadPool, type OffloadPool, type OffloadPoolOptions } from "./offload/offload-pool.ts";
import { openScratchSpace, type ScratchSpaceOptions } from "./scratch-space.ts";

export interface NodeHostOptions {
  readonly log?: Log | undefined;
  readonly offload?: OffloadPoolOptions | undefined;
  readonly scratch?: ScratchSpaceOptions | undefined;
  readonly fetch?: GatedFetchOptions | undefined;
  /** Looks up a secret of a tenant. Default: there are none. */
  readonly secret?: ((tenant: string, name: string) => string | undefined) | undefined;
}

/** The kernel's host on Node, and what its owner watches and closes. */
export interface NodeHost extends Host {
  readonly offloadPool: OffloadPool;
  readonly fetchGate: FetchGate;
  /** Drains the workers, closes connections, removes temporary files. */
  close(options?: { readonly drainMs?: number | undefined }): Promise<void>;
}

/**
 * Opens what the gateway lends the kernel: worker threads, temporary folders, the fetch gate and a native hash.
 * Removes temporary files that dead processes left behind.
 * @example
 * const host = await createNodeHost({ fetch: { allow: ["api.example.org"] } });
 * const gate = await openGate({ adapters, host });
 */
export async function createNodeHost(options: NodeHostOptions = {}): Promise<NodeHost> {
  const scratch = await openScratchSpace(options.scratch);
  const offloadPool = createOffloadPool(options.offload);
  const fetchGate = createFetchGate(options.fetch);
  return {
    clock: createNodeClock(),
    log: options.log ?? silentLog,
    randomId: createRandomIds(),
    offload: offloadPool.offload,
    fetch: fetchGate.fetch,
    compute: noCompute,
    openScratch: (scope) => scratch.open(scope),
    secret: options.secret ?? (() => undefined),
    digestBlob,
    offloadPool,
    fetchGate,
    async close(closeOptions) {
      await offloadPool.close(closeOptions);
      fetchGate.close();
      await scratch.close();
    },
  };
}
