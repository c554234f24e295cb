import { expect, test } from "vitest";
import { STAGES } from "../gates/stages.ts";
import { selectStages } from "./test.ts";

const names = (...testArguments: string[]) => selectStages(testArguments).stages.map(({ name }) => name);

test("without arguments every stage runs, in CI order", () => {
  expect(names()).toEqual(STAGES.map(({ name }) => name));
});

test("named stages run in CI order, whatever the order of the arguments", () => {
  expect(names("e2e", "lint", "unit")).toEqual(["lint", "unit", "e2e"]);
});

test("a path goes to vitest, in the named test stage or in all", () => {
  expect(selectStages(["packages/kernel", "-t", "plan hash"])).toEqual({
    stages: [{ name: "selected", project: undefined }],
    vitestArguments: ["packages/kernel", "-t", "plan hash"],
  });
  expect(names("unit", "packages/kernel")).toEqual(["unit"]);
});

test("a path beside a gate is not lost", () => {
  expect(names("lint", "packages/kernel")).toEqual(["lint", "selected"]);
});
