import { type BenchResult, result } from "../../support/result.ts";
import { scenarios } from "../scenarios/all-scenarios.ts";
import { fresh } from "../scenarios/telemetry.ts";
import { play } from "../simulate/play.ts";

const SEEDS = [1, 2];

/** What weighing energy saves: the same worlds with the weight of energy at 0 and at 1. */
export async function measureEnergy(note: (message: string) => void): Promise<readonly BenchResult[]> {
  note("energy weight 0 against 1");
  return ["steady", "day"].flatMap((name) => {
    const scenario = scenarios.find((one) => one.name === name);
    const runs = SEEDS.flatMap((seed) => {
      const episode = scenario?.episode(seed);
      if (episode === undefined) return [];
      const weighted = (energy: number) =>
        play({ ...episode, objective: { ...episode.objective, energy } }, "router", fresh);
      return [{ without: weighted(0), weighing: weighted(1) }];
    });
    const mean = (of: (run: (typeof runs)[number]) => number) =>
      runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
    return [
      result(
        `${name}: joules saved by weighing energy`,
        100 * mean(({ without, weighing }) => 1 - weighing.joulesPerThousand / without.joulesPerThousand),
        "%",
        { goal: ">= 25" },
      ),
      result(
        `${name}: CO2 saved by weighing energy`,
        100 * mean(({ without, weighing }) => 1 - weighing.gramsPerThousand / without.gramsPerThousand),
        "%",
      ),
      result(
        `${name}: answers in time lost to it`,
        100 * mean(({ without, weighing }) => without.slo - weighing.slo),
        "points",
        {
          goal: "<= 1",
        },
      ),
      result(
        `${name}: accuracy lost to it`,
        100 * mean(({ without, weighing }) => without.accuracy - weighing.accuracy),
        "points",
      ),
    ];
  });
}
