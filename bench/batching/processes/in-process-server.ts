// The baseline: a Hono server that runs ONNX Runtime on its own thread, as a first version of most services does.
// Argument: path of the model.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { InferenceSession, Tensor } from "onnxruntime-node";

const session = await InferenceSession.create(process.argv[2] ?? "", {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
});
const app = new Hono();
app.post("/predict", async (context) => {
  const { x } = await context.req.json<{ x: number[] }>();
  const { y } = await session.run({ x: new Tensor("float32", Float32Array.from(x), [1, x.length]) });
  return context.json({ y: Array.from((y?.data ?? []) as Float32Array) });
});
app.post("/echo", async (context) => {
  const { x } = await context.req.json<{ x: number[] }>();
  return context.json({ y: x.slice(0, 64) });
});
serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => {
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
