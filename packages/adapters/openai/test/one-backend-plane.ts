import type { Adapter, ComputePlane, ModelSpec } from "@stargate/kernel";
import { fetchAnything } from "./load-model.ts";

/** The least of a compute plane: the adapter's own backend, one load per call, no batching. */
export function planeOf(adapter: Adapter): ComputePlane {
  const [backend] = adapter.backends;
  if (backend === undefined) throw new TypeError("the adapter has no backend");
  const specOf = (id: string): ModelSpec => {
    const spec = adapter.models.find((model) => model.id === id);
    if (spec === undefined) throw new TypeError(`the adapter has no model "${id}"`);
    return spec;
  };
  return {
    async run({ model: id, inputs, signal }) {
      const { format, settings } = specOf(id);
      const model = await backend.load({ id, format, files: {}, settings }, { signal, fetch: fetchAnything });
      const outputs = await model.run(inputs, { signal });
      await model.unload();
      return {
        outputs,
        use: {
          model: id,
          variant: "remote",
          digest: null,
          backend: backend.id,
          device: model.device,
          deviceKind: "remote",
          pool: "test",
          attempts: 1,
          hedged: false,
          batchItems: 1,
          queueMs: 0,
          runMs: 0,
        },
      };
    },
    assets: () => Promise.resolve({}),
  };
}
