import type { Json } from "../../util/json.ts";

/** What a service has done, as one step: it is stored as a whole or not at all. */
export interface ServiceProgress {
  /** Position of the source before which everything is done. */
  readonly cursor: Json;
  /** Key of the item that is done now. Absent: only the position moves (the item was put aside). */
  readonly done?: string | undefined;
}

/** Where services keep their position and what they have done. One store may serve many services. */
export interface ServiceStore {
  /** Last stored position; null at first. */
  load(service: string): Promise<Json>;
  isDone(service: string, key: string): Promise<boolean>;
  /** Atomic, and durable when it resolves. Calls are applied in the order they are made. */
  save(service: string, progress: ServiceProgress): Promise<void>;
}

/** A store that forgets with the process: for tests and for sources that may repeat everything after a restart. */
export function createMemoryServiceStore(): ServiceStore {
  const cursors = new Map<string, Json>();
  const done = new Set<string>();
  return {
    load: (service) => Promise.resolve(cursors.get(service) ?? null),
    isDone: (service, key) => Promise.resolve(done.has(`${service} ${key}`)),
    save(service, progress) {
      cursors.set(service, progress.cursor);
      if (progress.done !== undefined) done.add(`${service} ${progress.done}`);
      return Promise.resolve();
    },
  };
}
