import { describe, expect, it } from "vitest";
import { compileGraph } from "../graph/compile.ts";
import type { Graph, GraphStep } from "../graph/graph.ts";
import { createRegistry } from "../registry/create-registry.ts";
import { number, numbersAdapter } from "../testing/numbers-adapter.ts";
import { createPayload } from "./create-payload.ts";
import { createPortableHost } from "./host/portable-host.ts";
import { createRunner } from "./create-runner.ts";

const registry = createRegistry([numbersAdapter]);
const runner = createRunner({ host: createPortableHost(), registry });

function numbers(steps: readonly GraphStep[], output: string): Graph {
  return { stargate: 1, name: "test", inputs: { first: "number" }, steps, output };
}

describe("a pipeline of transforms", () => {
  it("runs steps in order and says in the receipt how", async () => {
    const graph = compileGraph(
      numbers(
        [
          { kind: "transform", id: "a", use: "numbers.add", from: "first", with: { by: 2 } },
          { kind: "transform", id: "b", use: "numbers.split", from: "a", with: { atMost: 8 } },
          { kind: "transform", id: "c", use: "numbers.fold", from: "b" },
        ],
        "c",
      ),
      registry,
    );
    const { payload, receipt } = await runner.run({ graph, inputs: { first: createPayload(number, 1) } });
    expect(payload.value).toBe((31 * (31 * (31 * 7 + 3) + 4) + 5) % 1_000_003);
    expect(payload.lineage).toEqual(["numbers.add@1.0.0", "numbers.split@1.0.0", "numbers.fold@1.0.0"]);
    expect(receipt.steps.map(({ id, invocations }) => [id, invocations])).toEqual([
      ["a", 1],
      ["b", 1],
      ["c", 1],
    ]);
  });
});
