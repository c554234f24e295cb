import type { ModelSignature } from "@stargate/kernel";
import type { LocatedVariant } from "../../store/model-store.ts";
import type { PoolNote } from "../pool-context.ts";
import type { PoolSettings } from "../pool-options.ts";
import { HostModels } from "./host-models.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { Slot } from "./slot.ts";

export interface SlotListener {
  changed(): void;
  /** A host did not come up, or ended before it gave an answer. */
  endedInVain(): void;
  /** A host came up after this time. */
  started(ms: number): void;
  loaded(located: LocatedVariant, signature: ModelSignature, ms: number): void;
  note(event: PoolNote): void;
}

/** The slots of a pool, which share its memory. */
export function createSlots(settings: PoolSettings, listener: SlotListener): readonly Slot[] {
  const { id, device, clock, idleClock, keepAliveMs, openHost, restart, idleHostMs, canary } = settings;
  const ledger = new MemoryLedger(settings.memory);
  return Array.from({ length: settings.slots }, (_, index) => {
    return new Slot({
      pool: id,
      index,
      capacity: () => settings.runsPerHost,
      openHost,
      clock,
      idleClock,
      restart,
      idleHostMs,
      createModels: (host, onEmpty) =>
        new HostModels({
          host,
          slot: index,
          device,
          ledger,
          clock,
          idleClock,
          keepAliveMs,
          check: canary,
          onEmpty,
          onLoaded: (located, signature, ms) => listener.loaded(located, signature, ms),
          note: (event) => listener.note({ ...event, slot: index }),
        }),
      changed: () => listener.changed(),
      onStarted: (ms) => listener.started(ms),
      onEndedInVain: () => listener.endedInVain(),
      note: (event) => listener.note(event),
    });
  });
}
