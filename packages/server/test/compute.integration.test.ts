import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import onnx from "@stargate/adapter-onnx";
import vision from "@stargate/adapter-vision";
import { defineAdapter, type Receipt, receiptSchema } from "@stargate/kernel";
import { expect, test, type TestContext } from "vitest";
import { sharedFile } from "../../../test/support/shared-files.ts";
import { startTestGateway } from "./support/test-gateway.ts";
import { openTestTerminal } from "./support/test-terminal.ts";

// Real object detection (YOLOX-nano, real weights) in real model hosts, behind the gateway's compute plane.

function detector(context: TestContext) {
  const path = sharedFile(context, "models/yolox_nano_416x416.onnx");
  const file = {
    name: "model.onnx",
    urls: [pathToFileURL(path).href],
    sha256: createHash("sha256").update(readFileSync(path)).digest("hex"),
    sizeBytes: null,
  };
  const models = defineAdapter({
    spec: 1,
    id: "test-models",
    version: "1.0.0",
    summary: "For a test",
    models: [
      {
        id: "detector",
        version: "1.0.0",
        summary: "YOLOX-nano, twice: once said to be worse",
        licence: "Apache-2.0",
        format: "onnx",
        variants: [
          { name: "good", quality: 1, files: [file] },
          { name: "thrifty", quality: 0.6, files: [file] },
        ],
      },
    ],
  });
  return [onnx(), vision({ objects: { model: "detector" } }), models];
}

async function kit(context: TestContext, config: Parameters<typeof startTestGateway>[0] = {}) {
  const picture = await readFile(sharedFile(context, "parity/clip-tiny-random/images/dogs.jpg"));
  const gateway = await startTestGateway({ pipelines: [], ...config }, detector(context));
  const detect = (headers: Record<string, string> = {}, body: Uint8Array<ArrayBuffer> = new Uint8Array(picture)) =>
    gateway.fetch("/v1/convert?to=detections", {
      method: "POST",
      body,
      headers: { "content-type": "image/jpeg", ...headers },
    });
  const receiptOf = async (response: Response): Promise<Receipt> => {
    const id = response.headers.get("stargate-receipt") ?? "";
    return receiptSchema.parse(await (await gateway.fetch(`/v1/receipts/${id}`)).json());
  };
  return { gateway, detect, receiptOf };
}

test("the receipt says which model ran where, and the decision can be explained", async (context) => {
  const { gateway, detect, receiptOf } = await kit(context, { compute: { logDecisions: true } });
  await using _closed = gateway;
  const response = await detect();
  expect(response.status).toBe(200);
  const answer = (await response.json()) as { detections: { label: string }[] };
  expect(answer.detections.map(({ label }) => label)).toContain("dog");
  const receipt = await receiptOf(response);
  const [use] = receipt.steps.flatMap(({ models }) => models ?? []);
  expect(use).toMatchObject({
    model: "detector",
    variant: "good",
    backend: "onnx",
    device: "cpu",
    pool: "cpu",
    calls: 1,
    attempts: 1,
  });
  expect(use?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);

  await using terminal = await openTestTerminal();
  const explained = await terminal.cli(["explain", receipt.id, "--url", gateway.url]);
  expect(explained.out).toMatch(/Chosen: cpu\/detector.*good/);
  expect(explained.out).toContain("Replayed from the record: the same, bit by bit");
  const nowhere = await terminal.cli(["explain", receipt.id, "--url", "http://127.0.0.1:1"]);
  expect(nowhere.err).toContain("No gateway answers at http://127.0.0.1:1");
});

test("a pool that is not there is refused with the reason, and one that is there is used", async (context) => {
  const { gateway, detect, receiptOf } = await kit(context);
  await using _closed = gateway;
  const refused = await detect({ "stargate-pool": "cuda:0" });
  expect(refused.status).toBe(422);
  expect(await refused.json()).toMatchObject({
    code: "SG_COMPUTE_PLACEMENT",
    detail: expect.stringContaining("cuda:0"),
  });
  const receipt = await receiptOf(await detect({ "stargate-pool": "cpu" }));
  expect(receipt.steps[0]?.models?.[0]?.pool).toBe("cpu");
});

test("the same picture is looked at once, also after a restart when results are persisted", async (context) => {
  const state = await mkdtemp(join(tmpdir(), "stargate-state-"));
  const config = { results: { persist: true }, state: { directory: state } };
  const receipts: Receipt[] = [];
  for (const times of [2, 1]) {
    const { gateway, detect, receiptOf } = await kit(context, config);
    await using _closed = gateway;
    for (let time = 0; time < times; time++) receipts.push(await receiptOf(await detect()));
  }
  await rm(state, { recursive: true });
  expect(receipts.map(({ steps }) => steps[0]?.cached)).toEqual([0, 1, 1]);
  expect(receipts[2]?.steps[0]?.models).toBeUndefined();
  expect(receipts[2]?.coverage).toEqual(receipts[0]?.coverage);
});

test("feedback is learned of the variants that were used, once, and about nothing else", async (context) => {
  const { gateway, detect } = await kit(context);
  await using _closed = gateway;
  const response = await detect();
  const path = `/v1/receipts/${response.headers.get("stargate-receipt") ?? ""}/feedback`;
  const say = (body: object) => gateway.fetch(path, { method: "POST", body: JSON.stringify(body) });
  expect((await say({ score: 2 })).status).toBe(400);
  expect(await (await say({ score: 0.2, step: "no-such-step" })).json()).toMatchObject({
    code: "SG_FEEDBACK_UNUSABLE",
  });
  expect(await (await say({ answer: "dog", corrected: "dogs" })).json()).toEqual({
    score: 0.75,
    learned: [{ model: "detector", variant: "good" }],
  });
  expect(await (await say({ score: 1 })).json()).toMatchObject({ status: 409, code: "SG_FEEDBACK_GIVEN" });
});

test("an objective may prefer a lesser variant, which is announced; degrade: never forbids it", async (context) => {
  const { gateway, detect, receiptOf } = await kit(context, {
    policy: { objective: { quality: 0, latency: 1 } },
    compute: { exploration: 0 },
    results: { enabled: false },
  });
  await using _closed = gateway;
  for (let round = 0; round < 6; round++) {
    const response = await detect();
    const { steps, degradations } = await receiptOf(response);
    const variant = steps[0]?.models?.[0]?.variant;
    expect(degradations.map(({ what }) => what)).toEqual(variant === "thrifty" ? ["detector thrifty"] : []);
    expect(response.headers.has("stargate-degraded")).toBe(variant === "thrifty");
  }
  const strict = await receiptOf(await detect({ "stargate-degrade": "never" }));
  expect(strict.steps[0]?.models?.[0]?.variant).toBe("good");
});
