import { expect, test } from "vitest";
import { defineModelProgram } from "./define-model-program.ts";

test.for([
  ["source", "file:///a/src/models/whisper.ts", "file:///a/src/decode/program.ts"],
  ["a build", "file:///a/dist/models/whisper.js", "file:///a/dist/decode/program.js"],
])("a program beside a module is found from %s", ([, base, module]) => {
  const program = defineModelProgram({ base: base ?? "", module: "../decode/program", export: "whisperProgram" });
  expect(program).toEqual({ module, export: "whisperProgram", options: {} });
});
