import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defineAdapter } from "../define/define-adapter.ts";
import { defineTransform } from "../define/define-transform.ts";
import { json, text } from "../modalities/index.ts";
import { createPortableHost } from "../run/host/portable-host.ts";
import { openGate } from "./open-gate.ts";

const shout = defineTransform({
  id: "voice.shout",
  version: "1.0.0",
  summary: "Says it louder",
  from: text,
  to: text,
  options: z.strictObject({ mark: z.string().default("!") }),
  coverage: "whole",
  run: (input, { options }) => input.toUpperCase() + options.mark,
});

const split = defineTransform({
  id: "voice.split",
  version: "1.0.0",
  summary: "Words of a text as a list",
  from: text,
  to: json,
  options: z.strictObject({ by: z.string().default(" ") }),
  coverage: "whole",
  run: (input, { options }) => input.split(options.by),
});

const voice = defineAdapter({ spec: 1, id: "voice", version: "1.0.0", summary: "Louder", transforms: [shout, split] });
const loud = {
  stargate: 1,
  name: "loud",
  inputs: { input: "text" },
  steps: [{ kind: "transform", id: "shout", use: "voice.shout", from: "input" }],
  output: "shout",
} as const;

describe("a gate", () => {
  test("recognises the input, finds the way and says how the answer was made", async () => {
    await using gate = await openGate({ adapters: [voice] });
    const { value, receipt } = await gate.run(new Blob(["to be or not"]), { to: "json" });
    expect(value).toEqual(["to", "be", "or", "not"]);
    expect(receipt.steps.map(({ uses }) => uses)).toEqual(["voice.split@1.0.0"]);
    expect(receipt.coverage).toEqual([{ measure: "character", done: 12, of: 12 }]);
    expect(receipt.pipeline).toBeNull();
  });

  test("passes options to the transforms its plan uses", async () => {
    await using gate = await openGate({ adapters: [voice] });
    expect((await gate.run("a,b", { to: "json", with: { "voice.split": { by: "," } } })).value).toEqual(["a", "b"]);
  });

  test("runs a pipeline given as a graph, and compiles it once", async () => {
    await using gate = await openGate({ adapters: [voice] });
    expect((await gate.run("hi", { pipeline: loud })).value).toBe("HI!");
    expect(gate.compile(loud)).toBe(gate.compile(loud));
  });

  test("streams a single answer as a stream of one", async () => {
    await using gate = await openGate({ adapters: [voice] });
    const stream = await gate.stream("hi", { pipeline: loud });
    expect((await Array.fromAsync(stream)).map(({ value }) => value)).toEqual(["HI!"]);
    expect((await stream.receipt).pipeline).toBe("loud");
  });

  test("writes an answer as the media type asked for, its default without one", async () => {
    await using gate = await openGate({ adapters: [voice] });
    const { payload } = await gate.run("a b", { to: "json" });
    expect(await gate.encode(payload, "application/json")).toMatchObject({ mediaType: "application/json" });
    await expect(gate.encode(payload, "image/png")).rejects.toMatchObject({ code: "SG_OUTPUT_NOT_ACCEPTABLE" });
  });

  test("believes the bytes, not the name of their type, and itemises the contradiction", async () => {
    await using gate = await openGate({ adapters: [voice] });
    const png = Uint8Array.of(
      0x89,
      0x50,
      0x4e,
      0x47,
      0x0d,
      0x0a,
      0x1a,
      0x0a,
      0,
      0,
      0,
      13,
      0x49,
      0x48,
      0x44,
      0x52,
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      1,
      8,
      0,
      0,
      0,
      0,
    );
    const { receipt, payload } = await gate.run(new Blob([png], { type: "application/pdf" }), { to: "document" });
    expect(payload.value).toMatchObject({ mediaType: "image/png" });
    expect(receipt.issues).toMatchObject([{ step: "input", code: "SG_INPUT_CONTRADICTS" }]);
  });

  test("names the missing hop when there is no way", async () => {
    await using gate = await openGate({ adapters: [voice] });
    await expect(gate.run("hi", { to: "invoice" })).rejects.toMatchObject({ code: "SG_PLAN_NO_PATH" });
  });

  test("refuses inputs a pipeline does not have, with the nearest name", async () => {
    await using gate = await openGate({ adapters: [voice] });
    await expect(gate.run({ inptu: "hi" }, { pipeline: loud })).rejects.toThrow(/did you mean 'input'/);
    await expect(gate.run({}, { pipeline: loud })).rejects.toMatchObject({ code: "SG_INPUT_INVALID" });
    await expect(gate.run("", { pipeline: loud })).rejects.toMatchObject({ code: "SG_INPUT_EMPTY" });
  });

  test("explains the way it would go", async () => {
    await using gate = await openGate({ adapters: [voice] });
    const explanation = await gate.explain({ from: "text", to: "json" });
    expect(explanation.chosen?.steps.map(({ uses }) => uses)).toEqual(["voice.split@1.0.0"]);
  });

  test("closes adapters in reverse order, once", async () => {
    const closed: string[] = [];
    const closing = (id: string) =>
      defineAdapter({
        spec: 1,
        id,
        version: "1.0.0",
        summary: "Notes when it is closed",
        close: async () => void closed.push(id),
      });
    const gate = await openGate({ adapters: [closing("first"), closing("second")] });
    await gate.close();
    await gate.close();
    expect(closed).toEqual(["second", "first"]);
  });
});

describe("two tenants of one gate", () => {
  const secretive = defineAdapter({
    spec: 1,
    id: "tenants",
    version: "1.0.0",
    summary: "Tells what a run can see",
    transforms: [
      defineTransform({
        id: "tenants.look",
        version: "1.0.0",
        summary: "Everything in reach of a run",
        from: text,
        to: json,
        coverage: "whole",
        deterministic: false,
        state: { scope: "stream", schema: z.array(z.string()), initial: () => [] as string[] },
        async run(input, context) {
          context.state.set([...context.state.get(), input]);
          const stored = await context.scratch.put(new Blob([input]));
          // Give the other tenant every chance to get in between.
          await new Promise((resolve) => setImmediate(resolve));
          return {
            tenant: context.tenant,
            secret: context.secrets.get("key") ?? null,
            state: context.state.get(),
            scratch: await stored.text(),
          };
        },
      }),
    ],
  });
  const look = {
    stargate: 1,
    name: "look",
    inputs: { input: "text" },
    steps: [{ kind: "transform", id: "look", use: "tenants.look", from: "input" }],
    output: "look",
  } as const;

  test("see only their own data, secrets, state and receipts, however their runs interleave", async () => {
    const secrets: Readonly<Record<string, string>> = { red: "red key", blue: "blue key" };
    const host = createPortableHost({ secret: (tenant, name) => (name === "key" ? secrets[tenant] : undefined) });
    await using gate = await openGate({ adapters: [secretive], host });
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const tenant = index % 2 === 0 ? "red" : "blue";
        return { tenant, index, answer: await gate.run(`${tenant} ${index}`, { pipeline: look }, { tenant }) };
      }),
    );
    for (const { tenant, index, answer } of answers) {
      expect(answer.value).toEqual({
        tenant,
        secret: `${tenant} key`,
        state: [`${tenant} ${index}`],
        scratch: `${tenant} ${index}`,
      });
      expect(answer.receipt.tenant).toBe(tenant);
      expect(JSON.stringify(answer.receipt)).not.toContain(tenant === "red" ? "blue" : "red");
    }
  });

  test("of two gates share no service", async () => {
    await using first = await openGate({ adapters: [voice] });
    await using second = await openGate({ adapters: [] });
    expect(second.registry.transforms).toEqual([]);
    expect(first.registry.transforms).toHaveLength(2);
  });
});
