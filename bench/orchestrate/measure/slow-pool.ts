import { type BenchResult, result } from "../../support/result.ts";
import { slowPool, SLOW_FROM_MS } from "../scenarios/slow-pool.ts";
import { fresh, stale } from "../scenarios/telemetry.ts";
import { play } from "../simulate/play.ts";
import { BUCKET_MS } from "../simulate/tally.ts";

const SEEDS = [1, 2, 3];

/** One pool becomes ten times slower while others have room: how much of its traffic has moved ten seconds later. */
export async function measureSlowPool(note: (message: string) => void): Promise<readonly BenchResult[]> {
  note("a pool becomes ten times slower");
  return [
    { name: "fresh reports", telemetry: fresh },
    { name: "reports 500 ms old, 4 gateways", telemetry: stale },
  ].flatMap(({ name, telemetry }) => {
    const runs = SEEDS.map((seed) => play(slowPool(seed), "router", telemetry));
    const bucket = Math.floor(SLOW_FROM_MS / BUCKET_MS);
    const moved = runs.map(({ pools }) => {
      const shares = pools["eu-gpu"] ?? [];
      const before = shares.slice(bucket - 4, bucket).reduce((sum, share) => sum + share, 0) / 4;
      return 1 - (shares[bucket + 2] ?? 0) / before;
    });
    const worst = runs.map(
      ({ buckets }) => buckets.slice(bucket, bucket + 4).reduce((sum, share) => sum + share, 0) / 4,
    );
    return [
      result(`slow pool, ${name}: traffic moved within 10 s, worst`, 100 * Math.min(...moved), "%", { goal: ">= 80" }),
      result(`slow pool, ${name}: in time, the first 20 s`, 100 * Math.min(...worst), "%", {
        goal: ">= 95",
      }),
    ];
  });
}
