import type { Clock } from "@stargate/kernel";
import type { Snapshot } from "../learn/snapshot.ts";
import type { RouterState } from "./router-state.ts";

/** An arm or bucket that nobody has used for this long is forgotten with the next restart. */
const FORGOTTEN_MS = 30 * 24 * 3_600_000;

/** A snapshot as JSON. */
export function saveState(snapshot: Snapshot, clock: Clock): RouterState {
  const [nowMs, nowEpochMs] = [clock.nowMs(), clock.epochMs()];
  const stamp = <T extends { readonly atMs: number }>({ atMs, ...rest }: T) => ({
    ...rest,
    atEpochMs: nowEpochMs - (nowMs - atMs),
  });
  const isKept = ({ atMs }: { readonly atMs: number }) => nowMs - atMs < FORGOTTEN_MS;
  const arms = [...snapshot.arms]
    .map(([id, { failure, usd, joules, coldMs, usual, cells }]) => {
      const kept = [...cells]
        .filter(([, cell]) => isKept(cell))
        .map(([bucket, cell]) => [bucket, stamp(cell)] as const);
      return [
        id,
        {
          failure: stamp(failure),
          usd,
          joules,
          coldMs: coldMs ?? null,
          usual: usual ?? null,
          cells: Object.fromEntries(kept),
        },
        isKept(failure) || kept.length > 0,
      ] as const;
    })
    .flatMap(([id, arm, kept]) => (kept ? [[id, arm] as const] : []));
  const pools = [...snapshot.pools].map(
    ([id, { drift, failure, wait }]) => [id, { drift: stamp(drift), failure: stamp(failure), wait }] as const,
  );
  return {
    version: 1,
    arms: Object.fromEntries(arms),
    pools: Object.fromEntries(pools),
    qualities: Object.fromEntries(snapshot.qualities),
    levels: Object.fromEntries(snapshot.levels),
  };
}
