import { expect, it } from "vitest";
import type { ComputePlane } from "../../contract/compute-plane.ts";
import { defineTransform } from "../../define/define-transform.ts";
import { number } from "../../testing/numbers-adapter.ts";
import { createRunKit, step } from "../../testing/run-kit.ts";

const ladder = [
  { name: "large", model: "large" },
  { name: "small", model: "small", quality: 0.8 },
  { name: "tiny", model: "tiny", quality: 0.5 },
];

function kitChoosing(index: number) {
  const asked: string[][] = [];
  const compute: ComputePlane = {
    run: () => Promise.reject(new Error("not used")),
    assets: async () => ({}),
    chooseRung({ rungs }) {
      asked.push(rungs.map(({ name }) => name));
      return { index, reason: "every pool is busy" };
    },
  };
  const used: string[] = [];
  const transform = defineTransform({
    id: "kit.rungs",
    version: "1.0.0",
    summary: "For a test",
    from: number,
    to: number,
    ladder,
    run(input, { rung }) {
      used.push(rung.name);
      return input;
    },
  });
  const kit = createRunKit([transform], { compute });
  const graph = kit.pipeline({ n: "number" }, [step("rungs", "kit.rungs", "n")]);
  return { kit, graph, used, asked };
}

it("a lower rung that the compute plane chooses is used and announced", async () => {
  const { kit, graph, used } = kitChoosing(1);
  const { receipt } = await kit.run(graph, { n: 1 });
  expect(used).toEqual(["small"]);
  expect(receipt.steps[0]?.rung).toBe("small");
  expect(receipt.degradations).toEqual([{ step: "rungs", what: "small", reason: "every pool is busy" }]);
});

it("the best rung is used when the plane has nothing against it, and nothing is announced", async () => {
  const { kit, graph, used } = kitChoosing(0);
  const { receipt } = await kit.run(graph, { n: 1 });
  expect(used).toEqual(["large"]);
  expect(receipt.degradations).toEqual([]);
});

it("a choice beyond the ladder is its last rung", async () => {
  const { kit, graph, used } = kitChoosing(9);
  await kit.run(graph, { n: 1 });
  expect(used).toEqual(["tiny"]);
});

it("nobody is asked where the policy forbids to degrade", async () => {
  const { kit, graph, used, asked } = kitChoosing(2);
  await kit.run(graph, { n: 1 }, { policy: { degrade: "never" } });
  expect([used, asked]).toEqual([["large"], []]);
});
