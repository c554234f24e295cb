import { describe, expect, test } from "vitest";
import { addWeightsBytes, squareBytes } from "../../test/tiny-models.ts";
import { externalDataOf } from "./external-data.ts";
import { writeField } from "./protobuf.ts";

/** A tensor with its values in a file; field numbers as in onnx.proto. */
const tensor = (location: string) => [
  ...writeField(8, "w"),
  ...writeField(13, [...writeField(1, "location"), ...writeField(2, location)]),
  ...writeField(14, 1),
];
const modelOf = (graph: readonly number[]) => Uint8Array.from(writeField(7, graph));
const inNode = (attribute: readonly number[]) => modelOf(writeField(1, writeField(5, attribute)));
const refusal = (model: Uint8Array, files: readonly string[]) => {
  try {
    externalDataOf("m", model, files);
    return "accepted";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("a model that keeps values in other files", () => {
  test("is accepted when it came with them", () => {
    expect(refusal(addWeightsBytes("w.bin"), ["w.bin"])).toBe("accepted");
    expect(refusal(squareBytes(), [])).toBe("accepted");
  });

  test.for([
    ["a file it did not come with", addWeightsBytes("other.bin")],
    ["a file outside its folder", addWeightsBytes("../w.bin")],
    ["an absolute path", addWeightsBytes("/etc/passwd")],
    ["raw memory of the process", addWeightsBytes("*/_ORT_MEM_ADDR_/*")],
    ["a file, from a constant", inNode(writeField(5, tensor("other.bin")))],
    ["a file, from a list of constants", inNode(writeField(10, tensor("other.bin")))],
    ["a file, from a branch", inNode(writeField(6, writeField(5, tensor("other.bin"))))],
    ["a file, from a sparse weight", modelOf(writeField(15, writeField(1, tensor("other.bin"))))],
    [
      "a file, from a function",
      Uint8Array.from(writeField(25, writeField(7, writeField(5, writeField(5, tensor("other.bin")))))),
    ],
  ] as const)("is refused when it refers to %s", ([, model]) => {
    expect(refusal(model, ["w.bin"])).toMatch(/refers to a file ".+" that it did not come with/);
  });

  test("is refused when values of a branch lie in one, which the engine would look for elsewhere", () => {
    expect(refusal(inNode(writeField(6, writeField(5, tensor("w.bin")))), ["w.bin"])).toMatch(/loop or branch body/);
  });

  test("is refused when it is nested without end", () => {
    let graph = writeField(5, tensor("w.bin"));
    for (let depth = 0; depth < 60; depth++) graph = writeField(1, writeField(5, writeField(6, graph)));
    expect(refusal(modelOf(graph), ["w.bin"])).toMatch(/nested more than 100 levels/);
  });
});
