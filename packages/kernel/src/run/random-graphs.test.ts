import { describe, expect, it } from "vitest";
import { compileGraph } from "../graph/compile.ts";
import { createRegistry } from "../registry/create-registry.ts";
import { interpretNaively } from "../testing/naive-interpreter.ts";
import { numbersAdapter } from "../testing/numbers-adapter.ts";
import { randomGraph } from "../testing/random-graph.ts";
import { createPayload } from "./create-payload.ts";
import { createPortableHost } from "./portable-host.ts";
import { createRunner } from "./create-runner.ts";

const registry = createRegistry([numbersAdapter]);
const runner = createRunner({ host: createPortableHost(), registry });
async function* iterate(items: readonly unknown[]) { yield* items; }

describe("random", () => {
  it("x", async () => {
    const from = Number(process.env["SEED"] ?? 1);
    const count = Number(process.env["COUNT"] ?? 500);
    const started = performance.now();
    let bad = 0;
    for (let seed = from; seed < from + count; seed++) {
      const { graph, inputs } = randomGraph(seed);
      const compiled = compileGraph(graph, registry);
      const given = Object.fromEntries([...compiled.inputs].map(([name, port]) => [name, port.many ? iterate(inputs[name] as unknown[]) : createPayload(port.modality, inputs[name])]));
      const expected = await interpretNaively(compiled, inputs as never).then((r) => r.output, (e) => `error ${e?.code ?? e}`);
      const got = await runner.run({ graph: compiled, inputs: given }).then((r) => r.payload.value, (e) => `error ${e?.code}${e}`);
      if (JSON.stringify(expected) !== JSON.stringify(got)) { bad++; if (bad < 6) console.log(seed, expected, got, compiled.steps.length); }
    }
    console.log("bad", bad, performance.now() - started);
    expect(bad).toBe(0);
  }, 600000);
});
