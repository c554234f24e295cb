import { createModelStore } from "../../src/store/create-model-store.ts";
import { createHurriedClock } from "./store-kit.ts";

// A process that pulls one model, for tests with several and for those that kill one. Arguments: folder, spec as JSON.

const [folder = "", specText = ""] = process.argv.slice(2);
const spec = JSON.parse(specText) as Parameters<typeof store.pull>[0]; // made by the test with the same types
const hurried = createHurriedClock();
// Pauses between two looks at another process's download are real: this process must not spin.
const clock = { ...hurried, timer: realTimer };
const store = createModelStore({ folder, clock, fetch: (input, init) => fetch(input, init) });

function realTimer(ms: number, callback: () => void): () => void {
  const timeout = setTimeout(callback, Math.min(ms, 20));
  return ms >= 30_000 ? (clearTimeout(timeout), () => undefined) : () => clearTimeout(timeout);
}

// Everything is loaded: the test says when to begin.
await new Promise((resolve) => {
  process.once("message", resolve);
  process.send?.({ kind: "loaded" });
});
const [variant] = spec.variants;
if (variant !== undefined) {
  const { files } = await store.pull(spec, variant, {
    signal: new AbortController().signal,
    onProgress: ({ doneBytes }) => process.send?.({ kind: "progress", doneBytes }),
  });
  process.send?.({ kind: "done", isNew: files.map(({ isNew }) => isNew) });
}
await store.close();
process.disconnect?.();
