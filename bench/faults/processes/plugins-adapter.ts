// Plugins that behave badly, and one that tells when it was given up.
import { appendFileSync } from "node:fs";
import { defineAdapter, defineTask, defineTransform, json, text } from "@stargate/kernel";
import { z } from "zod";

const task = (name: string) =>
  defineTask<null, number>({ base: import.meta.url, module: "./plugin-tasks", export: name });

const common = { version: "1.0.0", from: text, to: json, coverage: "whole", deterministic: false } as const;

const throws = defineTransform({
  ...common,
  id: "plugins.throws",
  summary: "Throws",
  run: () => {
    throw new TypeError("a defect of the plugin");
  },
});

const hangs = defineTransform({
  ...common,
  id: "plugins.hangs",
  summary: "Never ends, and does not listen",
  run: () => new Promise<never>(() => undefined),
});

const heavy = (["hoard", "spin", "flood"] as const).map((name) =>
  defineTransform({
    ...common,
    id: `plugins.${name}`,
    summary: `Runs ${name} in a worker`,
    run: async (_input, { offload, signal }) => ({ done: await offload(task(name), null, { signal }) }),
  }),
);

/** Tells, with the time, when its run is given up. */
const listens = defineTransform({
  ...common,
  id: "plugins.listens",
  summary: "Writes down when it is given up",
  from: text,
  to: text,
  options: z.strictObject({ file: z.string() }),
  run(input, { signal, options: { file } }) {
    const tell = (): void => appendFileSync(file, `${input} ${performance.timeOrigin + performance.now()}\n`);
    signal.addEventListener("abort", tell, { once: true });
    return input;
  },
});

export default defineAdapter({
  spec: 1,
  id: "plugins",
  version: "1.0.0",
  summary: "Plugins that behave badly",
  transforms: [throws, hangs, ...heavy, listens],
});
