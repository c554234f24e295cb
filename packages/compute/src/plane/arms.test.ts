import type { ModelSpec } from "@stargate/kernel";
import { createFakeClock } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { memoryStore } from "../../test/memory-store.ts";
import { scriptedPool } from "../../test/scripted-pool.ts";
import { armsOf } from "./arms.ts";

const clock = createFakeClock();
const pools = ["a", "b"].map((id) => scriptedPool(id, { clock, deviceKind: "remote" }));

/** Pools on which a model with these settings may run. */
function open(settings: ModelSpec["settings"]): readonly string[] {
  const spec: ModelSpec = {
    id: "echo",
    version: "1",
    summary: "",
    licence: "Apache-2.0",
    format: "scripted",
    variants: [{ name: "only", quality: 1, files: [] }],
    settings,
  };
  const arms = armsOf({ spec, store: memoryStore([spec], {}), pools, hour: 0 });
  return arms.flatMap(({ pool, blocked }) => (blocked === undefined ? [pool] : []));
}

test("a model runs on every server of its backend, or on the only one that has it", () => {
  expect(open({})).toEqual(["a", "b"]);
  expect(open({ server: "b" })).toEqual(["b"]);
});
