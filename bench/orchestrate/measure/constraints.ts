import { createRouter } from "@stargate/compute";
import { type BenchResult, result } from "../../support/result.ts";
import { playConstraints } from "../simulate/constraint-play.ts";
import { createDraws } from "../random.ts";
import { VirtualTime } from "../simulate/virtual-time.ts";

const DECISIONS = 1_000_000;

/** A million random requests against random arms: how many decisions break a hard constraint, and how many replays differ. */
export async function measureConstraints(note: (message: string) => void): Promise<readonly BenchResult[]> {
  note(`${DECISIONS} decisions under random constraints`);
  const time = new VirtualTime();
  const draws = createDraws(20_261_121);
  const router = createRouter({ clock: time, random: () => draws.next(), recordedDecisions: 100 });
  const seen = playConstraints({ router, time, draws, decisions: DECISIONS, replayEvery: 100 });
  return [
    result(`hard constraints broken in ${DECISIONS} decisions`, seen.violations, "decisions", { goal: "<= 0" }),
    result("refused although an arm was allowed and there was no deadline", seen.wrongRefusals, "decisions", {
      goal: "<= 0",
    }),
    result(
      `replayed ${seen.replays} of them from their JSON: not bit by bit the same`,
      seen.replaysThatDiffer,
      "decisions",
      {
        goal: "<= 0",
      },
    ),
    result("placed", (100 * seen.placed) / DECISIONS, "%"),
  ];
}
