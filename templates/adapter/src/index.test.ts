import { describeAdapter } from "@stargate/kernel/testing";
import { expect } from "vitest";
import example from "./index.ts";

describeAdapter("example", {
  create: example,
  cases: [
    {
      name: "a word",
      transform: "example.reverse",
      input: () => "abc",
      expect: (output) => expect(output).toBe("cba"),
    },
    {
      name: "two lines",
      transform: "example.reverse",
      input: () => "a\nb",
      options: { by: "line" },
      expect: (output) => expect(output).toBe("b\na"),
    },
  ],
});
