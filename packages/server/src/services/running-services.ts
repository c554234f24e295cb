import type { Service, ServiceStatus } from "@stargate/kernel";
import type { PushSource } from "../connectors/push-source.ts";

export interface RunningService {
  readonly service: Service;
  /** Whose data it works on; only this tenant's keys may push to it. */
  readonly tenant: string;
  /** The queue an HTTP route feeds; absent when the source is a folder. */
  readonly push?: PushSource | undefined;
  /** Drains, then gives folders and files free. */
  stop(options?: { readonly drainMs?: number | undefined }): Promise<void>;
}

export interface RunningServices {
  readonly services: ReadonlyMap<string, RunningService>;
  status(): readonly ServiceStatus[];
  stop(options?: { readonly drainMs?: number | undefined }): Promise<void>;
}

/** What a process without services has. */
export const noServices: RunningServices = { services: new Map(), status: () => [], stop: () => Promise.resolve() };
