import { type ComputeSnapshot, computeSnapshotSchema } from "@stargate/compute";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { modelAdapter } from "./support/model-adapter.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";
import { openTestTerminal, type TestTerminal } from "./support/test-terminal.ts";

let gateway: TestGateway;
let terminal: TestTerminal;

beforeAll(async () => {
  const compute = {
    pools: { here: { backend: "scripted", watts: 10, region: "de" } },
    carbonGramsPerKwh: { de: 380 },
  };
  gateway = await startTestGateway({ pipelines: [], compute }, [modelAdapter()]);
});
beforeEach(async () => {
  terminal = await openTestTerminal();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const infer = (): Promise<Response> =>
  gateway.fetch("/v2/models/double/infer", {
    method: "POST",
    body: JSON.stringify({ inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data: [1, 2] }] }),
  });
const top = (...args: readonly string[]) => terminal.cli(["top", "--url", gateway.url, ...args]);
const scrape = async (): Promise<string> => (await gateway.fetch("/metrics")).text();
const snapshot = async (): Promise<ComputeSnapshot> =>
  computeSnapshotSchema.parse(await (await gateway.fetch("/v1/compute")).json());

test("before anything was asked for there are no pools in the metrics; asking for them opens them", async () => {
  expect(await scrape()).not.toContain('pool="here"');
  expect((await snapshot()).pools).toMatchObject([
    { id: "here", backend: "scripted", power: { source: "declared", wattsPerBusySlot: 10, gramsPerKwh: 380 } },
  ]);
  expect(await scrape()).toContain('stargate_pool_slots{pool="here"}');
});

test("what models did is told by the endpoint, the metrics and the receipt alike", async () => {
  const before = (await snapshot()).pools[0]?.totals;
  expect((await infer()).status).toBe(200);
  const [pool] = (await snapshot()).pools;
  expect(pool?.totals.items).toBe((before?.items ?? 0) + 1);
  expect(pool?.models).toEqual(["double/only"]);
  const joules = pool?.totals.joules["declared"] ?? 0;
  expect(joules).toBeGreaterThan(before?.joules["declared"] ?? 0);
  expect(pool?.totals.carbonGrams).toBeCloseTo((joules / 3.6e6) * 380, 12);
  const metrics = await scrape();
  expect(metrics).toContain(`stargate_pool_runs_total{pool="here",outcome="ok"} ${pool?.totals.runs["ok"] ?? NaN}`);
  expect(metrics).toContain(`stargate_pool_joules_total{pool="here",basis="declared"} ${joules}`);
  // A second scrape counts nothing twice.
  expect(await scrape()).toContain(`stargate_pool_items_total{pool="here"} ${pool?.totals.items ?? NaN}`);
});

describe("stargate top", () => {
  test("--once prints a table and leaves", async () => {
    await infer();
    const { code, out } = await top("--once");
    expect(code).toBe(0);
    expect(out).toMatch(/^POOL +BUSY .* ENERGY$/m);
    expect(out).toMatch(/^here .* declared$/m);
    expect(out).toContain("models: double/only");
    expect(out).not.toContain("\u001B");
  });

  test("--json prints what the gateway says, one line for each look", async () => {
    const { out } = await top("--once", "--json");
    expect(computeSnapshotSchema.parse(JSON.parse(out)).pools[0]?.id).toBe("here");
  });

  test("on a terminal one picture takes the place of the other until the user leaves", async () => {
    let pictures = 0;
    let out = "";
    const { code } = await terminal.cli(["top", "--url", gateway.url, "--every", "0.01"], {
      outIsTty: true,
      out(text) {
        out += String(text);
        pictures = out.split("POOL").length - 1;
        if (pictures === 3) terminal.abort.abort();
      },
    });
    expect({ code, pictures }).toEqual({ code: 0, pictures: 3 });
    expect(out.startsWith("\u001B[?25l\u001B[H")).toBe(true);
    expect(out.endsWith("\u001B[?25h")).toBe(true);
  });

  test("waits for a gateway that is gone for a moment, and says so", async () => {
    const other = await startTestGateway({ pipelines: [] }, [modelAdapter()]);
    let said = "";
    const { code } = await terminal.cli(["top", "--url", other.url, "--every", "0.01"], {
      out: () => void other[Symbol.asyncDispose](),
      err(text) {
        said += text;
        terminal.abort.abort();
      },
    });
    expect(code).toBe(0);
    expect(said).toContain(`No gateway answers at ${other.url}`);
  });

  test("without a gateway fails at once", async () => {
    const { code, err } = await terminal.cli(["top", "--url", "http://127.0.0.1:1"]);
    expect(code).not.toBe(0);
    expect(err).toContain("SG_CLI_GATEWAY");
  });

  test.each(["0", "soon", "-1"])("does not look every %s seconds", async (seconds) => {
    expect(await top("--every", seconds)).toMatchObject({ code: 2, err: expect.stringContaining("--every") as string });
  });
});
