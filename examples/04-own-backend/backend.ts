import { checkTensors, defineBackend, type ModelSignature } from "@stargate/kernel";

const signature: ModelSignature = {
  inputs: [{ name: "text", dtype: "string", shape: ["batch"] }],
  outputs: [{ name: "letters", dtype: "float32", shape: ["batch"] }],
};

/** Two "servers" that count letters: one near and slow, one far and dear. A real backend would ask a real server. */
export const counters = defineBackend({
  id: "counters",
  version: "1.0.0",
  summary: "Counts letters",
  formats: ["counting"],
  async probe() {
    const devices = ["near", "far"].map((id) => ({ id, kind: "remote", available: true }) as const);
    return { backend: "counters", version: "1.0.0", devices };
  },
  async load(source, { device = "near" }) {
    return {
      signature,
      device,
      async run(inputs) {
        checkTensors(source.id, signature, inputs);
        const texts = (inputs["text"]?.data ?? []) as readonly string[]; // checked above
        const letters = Float32Array.from(texts, (text) => text.replaceAll(/\P{Letter}/gu, "").length);
        return { letters: { dtype: "float32", shape: [texts.length], data: letters } };
      },
      async unload() {},
    };
  },
});
