import { expect, test } from "vitest";
import { workerFlags } from "./worker-flags.ts";

test("hooks and conditions are taken over, in either spelling", () => {
  const flags = ["--conditions=@stargate/source", "-C", "development", "--import", "./otel.js", "--enable-source-maps"];
  expect(workerFlags(flags)).toEqual(flags);
});

test("flags a thread would refuse, and the inspector's, stay behind", () => {
  expect(workerFlags(["--expose-gc", "--max-old-space-size=4096", "--inspect=9229", "--cpu-prof", "--import"])).toEqual(
    [],
  );
});
