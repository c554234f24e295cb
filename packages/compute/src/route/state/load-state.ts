import type { Clock, Log } from "@stargate/kernel";
import { z } from "zod";
import { emptySnapshot, type Snapshot } from "../learn/snapshot.ts";
import { routerStateSchema } from "./router-state.ts";

/** The snapshot that was saved. Damaged, or of another version: an empty one, and a warning that says what is wrong. */
export function loadState(state: unknown, clock: Clock, log: Log | undefined): Snapshot {
  if (state === undefined || state === null) return emptySnapshot;
  const parsed = routerStateSchema.safeParse(state);
  if (!parsed.success) {
    log?.warn("The router's saved state cannot be used; it learns anew", { problem: z.prettifyError(parsed.error) });
    return emptySnapshot;
  }
  const [nowMs, nowEpochMs] = [clock.nowMs(), clock.epochMs()];
  // A wall clock that was set back must not make old knowledge look as if it came from the future.
  const unstamp = <T extends { readonly atEpochMs: number }>({ atEpochMs, ...rest }: T) => ({
    ...rest,
    atMs: nowMs - Math.max(0, nowEpochMs - atEpochMs),
  });
  const { arms, pools, qualities, levels } = parsed.data;
  return {
    version: 0,
    arms: mapOf(arms, ({ failure, usd, joules, coldMs, usual, cells }) => ({
      failure: unstamp(failure),
      usd,
      joules,
      coldMs: coldMs ?? undefined,
      usual: usual ?? undefined,
      cells: mapOf(cells, unstamp),
    })),
    pools: mapOf(pools, ({ drift, failure, wait }) => ({
      drift: unstamp(drift),
      failure: unstamp(failure),
      wait,
    })),
    qualities: new Map(Object.entries(qualities)),
    levels: new Map(Object.entries(levels)),
  };
}

function mapOf<From, To>(record: Readonly<Record<string, From>>, convert: (from: From) => To): Map<string, To> {
  return new Map(Object.entries(record).map(([key, value]) => [key, convert(value)]));
}
