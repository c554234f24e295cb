// Small transforms, and a model, that leave nothing to measure but the gateway itself.
import {
  bytes,
  defineAdapter,
  defineBackend,
  defineTransform,
  json,
  type ModelSignature,
  text,
} from "@stargate/kernel";
import { z } from "zod";

const upper = defineTransform({
  id: "bench.upper",
  version: "1.0.0",
  summary: "Upper case",
  from: text,
  to: text,
  coverage: "whole",
  run: (input) => input.toUpperCase(),
});

/** What the gateway was sent: its body has been received, hashed and stored by then. */
const size = defineTransform({
  id: "bench.size",
  version: "1.0.0",
  summary: "Number of bytes",
  from: bytes,
  to: json,
  coverage: "whole",
  run: (input) => ({ bytes: input.size }),
});

const answerSchema = z.json();

/** Passes a JSON request on to another server and its answer back: what an LLM gateway does. */
const relay = defineTransform({
  id: "bench.relay",
  version: "1.0.0",
  summary: "Asks another server",
  from: json,
  to: json,
  options: z.strictObject({ url: z.url() }),
  coverage: "whole",
  network: true,
  deterministic: false,
  async run(input, { fetch, options, signal }) {
    const response = await fetch(options.url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer x" },
      body: JSON.stringify(input),
      signal,
    });
    return answerSchema.parse(await response.json());
  },
});

const tensor = (name: string) => [{ name, dtype: "float32" as const, shape: ["n"] }];
const signature: ModelSignature = { inputs: tensor("x"), outputs: tensor("y") };

/** Gives a tensor back: what is left is the way there and back. */
const backend = defineBackend({
  id: "bench",
  version: "1.0.0",
  summary: "Gives back what it gets",
  formats: ["bench"],
  probe: async () => ({
    backend: "bench",
    version: "1.0.0",
    devices: [{ id: "bench", kind: "remote", available: true }],
  }),
  load: async () => ({
    signature,
    device: "bench",
    run: async ({ x }) => (x === undefined ? {} : { y: x }),
    unload: async () => {},
  }),
});

export default defineAdapter({
  spec: 1,
  id: "bench",
  version: "1.0.0",
  summary: "Transforms of the gateway's bench",
  transforms: [upper, size, relay],
  backends: [backend],
  models: [
    {
      id: "bench-identity",
      version: "1",
      summary: "y = x",
      licence: "Apache-2.0",
      format: "bench",
      variants: [{ name: "only", quality: 1, files: [] }],
      signature,
    },
  ],
});
