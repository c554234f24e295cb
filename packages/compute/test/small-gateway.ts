// A program with model hosts, for tests of what becomes of them when it ends. It "leaves" without closing them, or "stays".
import { setTimeout } from "node:timers/promises";
import { modelHosts } from "../src/hosts/open-model-hosts.ts";
import { createMemoryLog, floats, live, load, machineClock, testBackend } from "./host-kit.ts";

const [, , mode] = process.argv;
const open = modelHosts(testBackend(), { clock: machineClock, log: createMemoryLog() });
const hosts = await Promise.all([1, 2, 3].map(() => open({ signal: live })));
for (const { processId } of hosts) console.log(processId);
if (mode === "stays") {
  const [first, second] = hosts;
  if (first === undefined || second === undefined) process.exit(1);
  const model = await load(first, { run: "compute", ms: 60_000 });
  void model.run({ x: floats(1) }, { signal: live });
  const quick = await load(second);
  await quick.run({ x: floats(1) }, { signal: live });
  console.log("computing");
  await setTimeout(60_000);
}
