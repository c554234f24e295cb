// A Hono server in front of a pool of model hosts: what batching and hosts cost and give, without the gateway around.
// Arguments: the located variant as JSON, and the number of slots.
import { serve } from "@hono/node-server";
import onnx from "@stargate/adapter-onnx";
import { createPool, modelHosts, type LocatedVariant } from "@stargate/compute";
import { createPortableHost } from "@stargate/kernel";
import { Hono } from "hono";

const [located = "", slots = "1"] = process.argv.slice(2);
const model = JSON.parse(located) as LocatedVariant;
const { clock, log } = createPortableHost();
const [backend] = onnx().backends;
if (backend === undefined) throw new TypeError("The ONNX adapter has no backend");
const pool = createPool({
  id: "cpu",
  backend: "onnx",
  device: "cpu",
  formats: ["onnx"],
  slots: Number(slots),
  openHost: modelHosts(backend, { clock, log }),
  clock,
});
await pool.load(model, { signal: AbortSignal.timeout(60_000) });

const app = new Hono();
app.post("/predict", async (context) => {
  const { x } = await context.req.json<{ x: number[] }>();
  const { outputs } = await pool.submit({
    located: model,
    inputs: { x: { dtype: "float32", shape: [1, x.length], data: Float32Array.from(x) } },
    signal: context.req.raw.signal,
    deadlineMs: Infinity,
    criticality: "normal",
  });
  return context.json({ y: Array.from(outputs["y"]?.data ?? [], Number) });
});
const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => {
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
process.once("SIGTERM", () => {
  server.close();
  void pool.close({ force: true }).then(() => process.exit(0));
});
