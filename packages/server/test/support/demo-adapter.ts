import { defineAdapter, defineTransform, fail, json, text, type Adapter } from "@stargate/kernel";
import { z } from "zod";

/** Lets a test hold a run open and see it end. */
export interface Brake {
  /** Resolves when a run has reached `demo.wait`. */
  readonly reached: Promise<void>;
  /** Resolves with the reason when the waiting run was aborted. */
  readonly aborted: Promise<unknown>;
  release(): void;
}

/** Real transforms on text that need no engine. */
export function demoAdapter(): { readonly adapter: Adapter; readonly brake: Brake } {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<unknown>();
  const shout = defineTransform({
    id: "demo.shout",
    version: "1.0.0",
    summary: "Upper case",
    from: text,
    to: text,
    coverage: "whole",
    run: (input) => input.toUpperCase(),
  });
  const count = defineTransform({
    id: "demo.count",
    version: "1.0.0",
    summary: "Counts words",
    from: text,
    to: json,
    coverage: "whole",
    options: z.strictObject({ unit: z.enum(["words", "characters"]).default("words") }),
    run: (input, ctx) => ({
      [ctx.options.unit]: ctx.options.unit === "words" ? input.split(/\s+/).length : input.length,
    }),
  });
  const pair = defineTransform({
    id: "demo.pair",
    version: "1.0.0",
    summary: "Two texts, one after the other",
    from: { first: text, second: text },
    to: text,
    coverage: "whole",
    plannable: false,
    run: ({ first, second }) => `${first} ${second}`,
  });
  const half = defineTransform({
    id: "demo.half",
    version: "1.0.0",
    summary: "Reads half of it and says so",
    from: text,
    to: text,
    coverage: "reported",
    plannable: false,
    run(input, ctx) {
      const done = Math.floor(input.length / 2);
      ctx.coverage({ done, of: input.length, missing: [{ what: "second half", reason: "on purpose" }] });
      ctx.degrade({ what: 'lower "quality"', reason: "on purpose" });
      ctx.issue({ code: "SG_DEMO_ISSUE", message: "Half is missing" });
      return input.slice(0, done);
    },
  });
  const wait = defineTransform({
    id: "demo.wait",
    version: "1.0.0",
    summary: "Waits until it is let go",
    from: text,
    to: text,
    coverage: "whole",
    plannable: false,
    deterministic: false,
    async run(input, ctx) {
      ctx.progress(1, input.length);
      ctx.emit("segment-start", {});
      ctx.emit("segment-end", { text: input });
      reached.resolve();
      const gaveUp = new Promise<never>((_resolve, reject) => {
        ctx.signal.addEventListener("abort", () => {
          aborted.resolve(ctx.signal.reason);
          reject(ctx.signal.reason instanceof Error ? ctx.signal.reason : fail("SG_RUN_CANCELLED", "gave up"));
        });
      });
      await Promise.race([released.promise, gaveUp]);
      return input;
    },
  });
  const secretive = defineTransform({
    id: "demo.secretive",
    version: "1.0.0",
    summary: "Fails with something that must not leave the server",
    from: text,
    to: text,
    coverage: "whole",
    plannable: false,
    run: () => {
      throw new TypeError("password=hunter2");
    },
  });
  const adapter = defineAdapter({
    spec: 1,
    id: "demo",
    version: "1.0.0",
    summary: "Transforms for tests",
    transforms: [shout, count, pair, half, wait, secretive],
  });
  return { adapter, brake: { reached: reached.promise, aborted: aborted.promise, release: () => released.resolve() } };
}

/** A graph of one transform of the adapter above. */
export function oneStep(name: string, use: string, inputs: Readonly<Record<string, string>> = { input: "text" }) {
  const names = Object.keys(inputs);
  const from = names.length === 1 ? (names[0] ?? "") : Object.fromEntries(names.map((input) => [input, input]));
  return {
    graph: {
      stargate: 1 as const,
      name,
      inputs,
      steps: [{ kind: "transform" as const, id: "step", use, from }],
      output: "step",
    },
  };
}
