import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeBrokenModels } from "../../../../test/support/faults/broken-models.ts";
import { startFaultGateway, type FaultGateway } from "./fault-gateway.ts";

let kit: FaultGateway<"cpu-one" | "cpu-two">;
beforeAll(async () => {
  kit = await startFaultGateway({
    pools: { "cpu-one": 1, "cpu-two": 1 },
    model: { deviceMs: 60 },
    models: writeBrokenModels,
    config: { policy: { retry: { attempts: 1 } } },
  });
  // Signature and time of the model are known from here on.
  for (const pool of ["cpu-one", "cpu-two"])
    for (let times = 0; times < 12; times++) await kit.ask(1, { "stargate-pool": pool });
});
afterAll(() => kit[Symbol.asyncDispose]());

interface Refusal {
  readonly status: number;
  readonly code: string | null;
  readonly text: string;
}

async function infer(model: string, input: object, headers: Record<string, string> = {}): Promise<Refusal> {
  const response = await kit.gateway.fetch(`/v2/models/${model}/infer`, {
    method: "POST",
    body: JSON.stringify({
      inputs: [{ name: "x", datatype: "FP32", shape: [1, 8], data: [1, 2, 3, 4, 5, 6, 7, 8], ...input }],
    }),
    headers: { "content-type": "application/json", ...headers },
  });
  const { error } = (await response.json()) as { readonly error: string };
  return { status: response.status, code: response.headers.get("stargate-error"), text: error };
}

describe("inputs that do not fit the model", () => {
  test.for([
    ["dtype", { datatype: "INT64" }, /"x" .* takes float32, not int64/],
    ["shape", { shape: [1, 4], data: [1, 2, 3, 4] }, /takes shape \[batch, 8\], not \[1, 4\]/],
    ["rank", { shape: [8] }, /takes shape \[batch, 8\], not \[8\]/],
    ["name", { name: "y" }, /no input "y"; its inputs are x/],
  ] as const)("are refused before anything runs: wrong %s", async ([, input, says]) => {
    const ran = kit.control["cpu-one"].runs().length + kit.control["cpu-two"].runs().length;
    const { status, code, text } = await infer("perceptron", input);
    expect([status, code]).toEqual([422, "SG_COMPUTE_INPUT"]);
    expect(text).toMatch(says);
    expect(kit.control["cpu-one"].runs().length + kit.control["cpu-two"].runs().length).toBe(ran);
  });

  test("fewer values than the shape says are refused", async () => {
    const { status, text } = await infer("perceptron", { data: [1, 2, 3] });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(text).toMatch(/\b8\b.*\b3\b|\b3\b.*\b8\b/);
  });
});

describe("models that cannot be run", () => {
  test.for([
    ["truncated", "SG_COMPUTE_MODEL", /"truncated" cannot be (read|loaded)/],
    ["text", "SG_COMPUTE_MODEL", /"text" cannot be read: its bytes are no ONNX model/],
    ["escaping", "SG_COMPUTE_MODEL", /"escaping" refers to a file "..\/..\/secret.bin" that it did not come with/],
    ["altered", "SG_MODEL_DIGEST", /sha256|digest/i],
  ] as const)("%s: the file is named, and nothing else suffers", async ([model, wanted, says]) => {
    const hosts = kit.control["cpu-one"].hosts();
    const { status, code, text } = await infer(model, { shape: [1, 4], data: [1, 2, 3, 4] });
    expect(code).toBe(wanted);
    expect(status).toBe(503);
    expect(text).toMatch(says);
    expect(kit.control["cpu-one"].hosts()).toEqual(hosts);
    expect((await kit.ask(2)).status).toBe(200);
  });

  test("an unknown one gets the nearest name", async () => {
    const { status, code, text } = await infer("perceptorn", {});
    expect([status, code]).toEqual([404, "SG_COMPUTE_UNKNOWN_MODEL"]);
    expect(text).toMatch(/did you mean .perceptron./);
  });
});

describe("what no pool can meet is refused with what would work:", () => {
  test("a deadline that has passed", async () => {
    const told = await kit.ask(3, { "stargate-deadline-ms": "0.001" });
    expect(told).toMatchObject({ status: 504, code: "SG_RUN_DEADLINE" });
  });

  test("a deadline shorter than the model takes on an idle pool", async () => {
    const told = await kit.ask(4, { "stargate-deadline-ms": "15" });
    expect(told).toMatchObject({ status: 504, code: "SG_RUN_DEADLINE" });
    expect(told.detail).toMatch(/about \d+ ms/);
  });

  test.for([
    ["stargate-pool", "cpu-thre", ["cpu-one", "cpu-two"]],
    ["stargate-device", "cuda", ["cpu"]],
  ] as const)("%s: %s", async ([header, value, known]) => {
    const told = await kit.ask(5, { [header]: value });
    expect(told).toMatchObject({ status: 422, code: "SG_COMPUTE_PLACEMENT" });
    for (const name of [value, ...known]) expect(told.detail).toContain(name);
  });
});

test("a residency that no pool has is refused with the tag that is missing", async () => {
  await using strict = await startFaultGateway({
    pools: { here: 1 },
    config: { policy: { residency: ["eu"] } },
  });
  const told = await strict.ask(1);
  expect(told).toMatchObject({ status: 422, code: "SG_COMPUTE_PLACEMENT" });
  expect(told.detail).toMatch(/"here" lacks the residency "eu"/);
  expect(strict.control.here.hostsEver()).toEqual([]);
});
