import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { computeConfigSchema, createModelStore, explainDecision, openComputePlane } from "@stargate/compute";
import { createPortableHost, defineAdapter, openGate } from "@stargate/kernel";
import { counters } from "./backend.ts";
import { countLetters, letterCounter } from "./transform.ts";

const folder = await mkdtemp(join(tmpdir(), "stargate-example-"));
const { clock, log } = createPortableHost();

const plane = await openComputePlane({
  config: computeConfigSchema.parse({
    pools: {
      near: { backend: "counters", device: "near", tags: ["eu"] },
      far: { backend: "counters", device: "far", usdPerCall: 0.01, tags: ["us"] },
    },
  }),
  store: createModelStore({ folder: join(folder, "models"), clock }),
  clock,
  idleClock: clock,
  log,
  folder,
});
const adapter = defineAdapter({
  spec: 1,
  id: "letters",
  version: "1.0.0",
  summary: "Counts letters",
  transforms: [countLetters],
  models: [letterCounter],
  backends: [counters],
});
const gate = await openGate({ adapters: [adapter], host: createPortableHost({ compute: plane }) });

const cheap = await gate.run("Any signal in", { to: "json" }, { policy: { objective: { cost: 1 } } });
console.log(cheap.value, "on", cheap.receipt.steps[0]?.models?.[0]?.pool);

const pinned = await gate.run("The thing you want out", { to: "json" }, { policy: { compute: { pool: "far" } } });
console.log(pinned.value, "on", pinned.receipt.steps[0]?.models?.[0]?.pool);

const [decision] = await plane.decisions(pinned.receipt.steps[0]?.models?.[0]?.decisions ?? []);
if (decision !== undefined) console.log(explainDecision(decision).join("\n"));

await gate.close();
await plane[Symbol.asyncDispose]();
await rm(folder, { recursive: true });
