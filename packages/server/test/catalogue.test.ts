import { receiptSchema } from "@stargate/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ receipts: { maxEntries: 2 } });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const json = async (path: string): Promise<unknown> => (await gateway.fetch(path)).json();
const shout = async (): Promise<string> => {
  const response = await gateway.fetch("/v1/pipelines/shout", {
    method: "POST",
    body: "x",
    headers: { "content-type": "text/plain" },
  });
  await response.arrayBuffer();
  return response.headers.get("stargate-receipt") ?? "";
};

test("modalities tell which media types they are read from and written as", async () => {
  expect(await json("/v1/modalities")).toMatchObject({
    modalities: expect.arrayContaining([
      {
        id: "text",
        summary: expect.any(String) as string,
        measure: "character",
        reads: ["text/plain", "text/markdown"],
        writes: ["text/plain", "text/markdown"],
      },
    ]) as unknown[],
  });
});

test("transforms tell ports and the schema of their options", async () => {
  expect(await json("/v1/transforms")).toMatchObject({
    transforms: expect.arrayContaining([
      expect.objectContaining({
        id: "demo.pair",
        from: { first: "text", second: "text" },
        to: "text",
        plannable: false,
      }),
      expect.objectContaining({
        id: "demo.count",
        from: { input: "text" },
        options: expect.objectContaining({
          type: "object",
          properties: { unit: expect.anything() as unknown },
        }) as unknown,
      }),
    ]) as unknown[],
  });
});

test("pipelines tell inputs, output, hash and graph", async () => {
  const { pipelines } = (await json("/v1/pipelines")) as { pipelines: { name: string; planHash: string }[] };
  const pair = await json("/v1/pipelines/pair");
  expect(pipelines.map(({ name }) => name)).toEqual(["shout", "count", "pair", "half", "wait", "secretive"]);
  expect(pair).toMatchObject({
    name: "pair",
    inputs: [{ name: "first", modality: "text", many: false }, { name: "second" }],
    output: { modality: "text", mediaTypes: ["text/plain", "text/markdown"] },
    planHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
    graph: { steps: [{ use: "demo.pair@1.0.0" }] },
  });
});

test("a plan is explained with what was rejected", async () => {
  expect(await json("/v1/plan?from=text&to=json")).toMatchObject({
    chosen: { steps: [{ uses: "demo.count@1.0.0" }] },
    rejected: expect.arrayContaining([
      expect.objectContaining({ uses: "demo.pair@1.0.0", reason: expect.any(String) as string }),
    ]) as unknown[],
  });
  expect(await json("/v1/plan?from=text")).toMatchObject({
    status: 400,
    detail: expect.stringContaining("`to`") as string,
  });
  expect(await json("/v1/plan?from=text&to=jsno")).toMatchObject({ status: 404, code: "SG_REGISTRY_UNKNOWN" });
});

test("receipts are kept, validly, until newer ones take their place", async () => {
  const first = await shout();
  const receipt = receiptSchema.safeParse(await json(`/v1/receipts/${first}`));
  await shout();
  await shout();
  expect(receipt.error).toBeUndefined();
  expect(await json(`/v1/receipts/${first}`)).toMatchObject({ status: 404, code: "SG_RECEIPT_UNKNOWN" });
});

test("metrics count requests by route, runs by outcome, and steps", async () => {
  await shout();
  const metrics = (): Promise<Response> => gateway.fetch("/metrics");
  expect((await metrics()).headers.get("content-type")).toContain("text/plain");
  // a request is in flight until its clean-up has ended, which may be after its client has the answer
  await expect.poll(async () => (await metrics()).text()).toContain("stargate_http_requests_in_flight 1");
  const text = await (await metrics()).text();
  expect(text).toMatch(
    /stargate_http_request_duration_seconds_count\{route="\/v1\/pipelines\/:name",method="POST",status="200"\} [1-9]/,
  );
  expect(text).toMatch(/stargate_runs_total\{pipeline="shout",outcome="ok"\} [1-9]/);
  expect(text).toMatch(/stargate_step_duration_seconds_count\{uses="demo\.shout@1\.0\.0"\} [1-9]/);
});

test("the documentation page and its parts come from this gateway alone", async () => {
  const page = await gateway.fetch("/docs");
  const html = await page.text();
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  for (const path of ["/docs", "/docs/docs.css", "/docs/docs.js"]) {
    const text = await (await gateway.fetch(path)).text();
    expect(text).not.toMatch(/https?:\/\//);
    expect(text.length).toBeGreaterThan(500);
  }
  expect(html).toContain('src="/docs/docs.js"');
  expect((await gateway.fetch("/", { redirect: "manual" })).headers.get("location")).toBe("/docs");
});

test("HEAD is answered like GET, without a body", async () => {
  const response = await gateway.fetch("/healthz", { method: "HEAD" });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe("");
});
