// What a run costs when nothing is around it: ONNX Runtime in a loop. Argument: path of the model. Asked by a message,
// it answers with the p50 of so many runs in milliseconds.
import { InferenceSession, Tensor } from "onnxruntime-node";
import { quantile } from "../../support/statistics.ts";
import { inputSize, rowOf } from "../mlp-files.ts";

const session = await InferenceSession.create(process.argv[2] ?? "", { intraOpNumThreads: 1, interOpNumThreads: 1 });
const x = new Tensor("float32", Float32Array.from(rowOf(1)), [1, inputSize]);
process.on("message", (runs: number) => {
  void measure(runs).then((p50Ms) => process.send?.({ p50Ms }));
});
process.on("disconnect", () => process.exit(0));
process.stdout.write("{}\n");

async function measure(runs: number): Promise<number> {
  const timesMs: number[] = [];
  for (let run = 0; run < runs; run++) {
    const startedMs = performance.now();
    await session.run({ x });
    timesMs.push(performance.now() - startedMs);
  }
  return quantile(timesMs, 0.5);
}
