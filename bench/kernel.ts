import {
  compileGraph,
  createPayload,
  createRegistry,
  createRunner,
  createPortableHost,
  defineAdapter,
  defineTransform,
  text,
  type Graph,
} from "@stargate/kernel";
import { measurePlanner } from "./planner.ts";
import { interleave } from "./support/interleave.ts";
import { result, type Suite } from "./support/result.ts";

const noop = defineTransform({
  id: "bench.noop",
  version: "1.0.0",
  summary: "Gives back its input",
  from: text,
  to: text,
  coverage: "whole",
  run: (input) => input,
});

const stepCounts = [1, 2, 4, 8, 16, 24, 32] as const;

/** What the kernel itself costs: pipelines of no-op steps against a direct call. */
export const kernelSuite: Suite = {
  name: "kernel",
  async run(note) {
    const registry = createRegistry([
      defineAdapter({ spec: 1, id: "bench", version: "1.0.0", summary: "No-op steps", transforms: [noop] }),
    ]);
    const host = createPortableHost();
    const runner = createRunner({ host, registry });
    const direct = async (input: string) => input;
    const payload = createPayload(text, "hello");
    note(`pipelines of ${stepCounts.join(", ")} no-op steps`);
    const microseconds = await interleave([
      { name: "direct", call: () => direct("hello") },
      ...stepCounts.map((count) => {
        const graph = compileGraph(chain(count), registry);
        return { name: String(count), call: () => runner.run({ graph, inputs: { input: payload } }) };
      }),
    ]);
    const at = (count: number | "direct") => microseconds.get(String(count)) ?? Number.NaN;
    const slope = (from: number, to: number) => (at(to) - at(from)) / (to - from);
    return [
      result("one-step pipeline over a direct call, p50", at(1) - at("direct"), "us", {
        goal: "<= 30",
        baseline: at("direct"),
      }),
      result("each further no-op step, p50 (steps 1-32)", slope(1, 32), "us", { goal: "<= 8", baseline: at(1) }),
      result("slope of steps 16-32 over slope of steps 1-16", slope(16, 32) / slope(1, 16), "x", { goal: "<= 1.3" }),
      ...measurePlanner(),
    ];
  },
};

function chain(count: number): Graph {
  const steps = Array.from({ length: count }, (_, index) => ({
    kind: "transform" as const,
    id: `s${index}`,
    use: "bench.noop",
    from: index === 0 ? "input" : `s${index - 1}`,
  }));
  return { stargate: 1, name: "chain", inputs: { input: "text" }, steps, output: `s${count - 1}` };
}
