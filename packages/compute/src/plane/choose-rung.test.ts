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
const choice: RungChoice = { tenant: "t", runId: "r", step: "s", policy: {}, deadlineMs: 100, rungs };

/** A router for which each rung is in time with a given probability (0: it would refuse), and that prefers one of them. */
function weigh(chances: Readonly<Record<string, number>>, overrides: Partial<RungChoice> = {}, preferred?: string) {
  return chooseRung({
    choice: { ...choice, ...overrides },
    armsOf: ({ name, model }) => (model === undefined ? undefined : [{ id: name } as Arm]),
    preview(arms, { name }) {
      const onTimeProbability = chances[name] ?? 0;
      const decision = onTimeProbability === 0 ? {} : { arm: arms[0], predicted: { onTimeProbability, serviceMs: 7 } };
      return decision as unknown as Decision; // the fields the choice looks at
    },
    weigh: (arms) =>
      ({ arm: arms.find(({ id, priorMs }) => id === preferred && priorMs === 7) }) as unknown as Decision,
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

test("when none is likely the likeliest is used", () => {
  expect(weigh({ large: 0.1, small: 0.4 }, { rungs: rungs.slice(0, 2) })?.index).toBe(1);
});

test("an objective lets the router weigh all rungs together, by what each takes", () => {
  const thrifty = { policy: { objective: { cost: 1 } }, rungs: rungs.slice(0, 2) };
  expect(weigh({ large: 1, small: 1 }, thrifty, "small")).toEqual({
    index: 1,
    reason: "preferred by the policy's objective",
  });
  expect(weigh({ large: 1, small: 1 }, thrifty, "large")).toBeUndefined();
});
