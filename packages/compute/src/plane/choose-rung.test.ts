import type { RungChoice } from "@stargate/kernel";
import { expect, test } from "vitest";
import type { Arm } from "../route/types/arm.ts";
import type { Decision } from "../route/types/decision.ts";
import { chooseRung } from "./choose-rung.ts";

const rungs = [
  { name: "large", quality: 1, model: "l" },
  { name: "small", quality: 0.8, model: "s" },
  { name: "rules", quality: 0.5 },
];
const choice = (policy: RungChoice["policy"] = {}): RungChoice => ({
  tenant: "t",
  runId: "r",
  step: "s",
  policy,
  deadlineMs: 100,
  rungs,
});

/** A router for which each rung is in time with a given probability; 0: it would refuse. */
function weigh(probabilities: Readonly<Record<string, number>>, policy?: RungChoice["policy"]) {
  const armOf = (rung: string) => ({ id: rung, rung }) as Arm; // the fields the choice looks at
  return chooseRung({
    choice: choice(policy),
    armsOf: ({ name, model }) => (model === undefined ? undefined : [armOf(name)]),
    preview(arms) {
      const best = arms.toSorted((a, b) => (probabilities[b.id] ?? 0) - (probabilities[a.id] ?? 0))[0];
      const probability = probabilities[best?.id ?? ""] ?? 0;
      return (probability === 0
        ? { refusal: {} }
        : { arm: best, predicted: { onTimeProbability: probability } }) as unknown as Decision; // the fields the choice looks at
    },
  });
}

test("the best rung is used while it is likely to be in time", () => {
  expect(weigh({ large: 0.9, small: 1 })).toBeUndefined();
});

test("under pressure the next rung that is likely to be in time is used, and the reason names the better one", () => {
  expect(weigh({ large: 0.3, small: 0.95 })).toEqual({
    index: 1,
    reason: '"large" would hardly be ready before the deadline',
  });
});

test("a rung that needs no model is the last resort", () => {
  expect(weigh({ large: 0, small: 0.1 })?.index).toBe(2);
});
