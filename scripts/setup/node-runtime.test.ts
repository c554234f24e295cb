import { expect, test } from "vitest";
import { isSuitableNode } from "./node-runtime.mjs";

test.each([
  ["20.20.2", false],
  ["22.17.1", false],
  ["22.18.0", true],
  ["23.11.0", false],
  ["24.0.0", true],
  ["26.1.0", true],
])("Node %s is suitable: %s", (version, suitable) => {
  expect(isSuitableNode(version)).toBe(suitable);
});
