import { expect, test } from "vitest";
import { readTrace } from "./read-trace.ts";

test("nodes are read, other events are passed over", () => {
  const text = JSON.stringify([
    { cat: "Session", name: "model_loading_array", args: {} },
    { cat: "Node", name: "Conv_4_fence_before", args: { op_name: "Conv" } },
    {
      cat: "Node",
      name: "Conv_4_kernel_time",
      args: {
        op_name: "Conv",
        input_type_shape: [{ float: [1, 3] }, {}],
        output_type_shape: [{ float: [] }],
      },
    },
  ]);
  expect(readTrace(text)).toEqual([{ node: "Conv_4", op: "Conv", inputs: [[1, 3], []], outputs: [[]] }]);
});

test.for(["", "[{", "{}", '[{"name":1}]'])("a profile that reads %j is refused", (text) => {
  expect(() => readTrace(text)).toThrow(expect.objectContaining({ code: "SG_ONNX_PROFILE" }));
});
