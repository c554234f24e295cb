// What the models cost when nothing is around them: ONNX Runtime in a loop, one thread, image and text in sequence.
// Arguments: paths of the vision and the text model. Asked by a message, it answers with times in milliseconds.
import { InferenceSession, Tensor } from "onnxruntime-node";
import { quantile } from "../../support/statistics.ts";
import type { BareReport } from "../bare-models.ts";

const [visionPath = "", textPath = ""] = process.argv.slice(2);
const options = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: "sequential" } as const;
const vision = await InferenceSession.create(visionPath, options);
const text = await InferenceSession.create(textPath, options);

/** As many tokens as the captions are filled up to. */
const tokens = 16;
const pixels = Float32Array.from({ length: 3 * 224 * 224 }, (_, index) => Math.sin(index));
const image = { pixel_values: new Tensor("float32", pixels, [1, 3, 224, 224]) };

process.on("message", (runs: number) => {
  void measure(runs).then((report) => process.send?.(report));
});
process.on("disconnect", () => process.exit(0));
process.stdout.write("{}\n");

async function measure(runs: number): Promise<BareReport> {
  const caption = captions(1);
  const many = captions(32);
  const imageMs: number[] = [];
  const textMs: number[] = [];
  const batchMs: number[] = [];
  for (let run = 0; run < runs; run++) {
    imageMs.push(await timed(() => vision.run(image)));
    textMs.push(await timed(() => text.run(caption)));
    if (run % 4 === 0) batchMs.push(await timed(() => text.run(many)));
  }
  return {
    imageMs: quantile(imageMs, 0.5),
    textMs: quantile(textMs, 0.5),
    bothMs: quantile(
      imageMs.map((ms, index) => ms + (textMs[index] ?? 0)),
      0.5,
    ),
    textOf32Ms: quantile(batchMs, 0.5) / 32,
  };
}

function captions(count: number): Record<string, Tensor> {
  const ids = BigInt64Array.from({ length: count * tokens }, (_, index) => {
    const place = index % tokens;
    return BigInt(place === 0 ? 49_406 : place > 12 ? 49_407 : (index * 37) % 40_000);
  });
  return { input_ids: new Tensor("int64", ids, [count, tokens]) };
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await call();
  return performance.now() - startedMs;
}
