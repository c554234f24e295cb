import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  gateway.fetch(path, { method: "POST", body, headers });
const jsonHeaders = { "content-type": "application/json" };

describe("POST /v1/convert", () => {
  test("finds the way from a raw body to the modality asked for", async () => {
    const response = await post("/v1/convert?to=json&from=text", "three small words");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({ words: 3 });
  });

  test("passes options to the transforms of the plan", async () => {
    const options = encodeURIComponent(JSON.stringify({ "demo.count": { unit: "characters" } }));
    expect(await (await post(`/v1/convert?to=json&from=text&with=${options}`, "abc")).json()).toEqual({
      characters: 3,
    });
  });

  test("takes text and data URLs in JSON", async () => {
    const fromText = await post("/v1/convert?to=json", JSON.stringify({ text: "two words" }), jsonHeaders);
    const fromDataUrl = await post(
      "/v1/convert?to=json",
      JSON.stringify({ input: `data:text/plain;base64,${btoa("two words")}` }),
      jsonHeaders,
    );
    expect(await fromText.json()).toEqual({ words: 2 });
    expect(await fromDataUrl.json()).toEqual({ words: 2 });
  });

  test("takes one multipart part of any name", async () => {
    const form = new FormData();
    form.append("scan", new Blob(["one two three four"], { type: "text/plain" }), "words.txt");
    expect(await (await post("/v1/convert?to=json", form)).json()).toEqual({ words: 4 });
  });

  test("takes a JSON body as the input itself when it is no envelope, or when from says so", async () => {
    const itself = await post("/v1/convert?to=json", JSON.stringify({ text: "a", more: 1 }), jsonHeaders);
    const forced = await post("/v1/convert?to=json&from=json", JSON.stringify({ text: "a" }), jsonHeaders);
    expect(await itself.json()).toEqual({ text: "a", more: 1 });
    expect(await forced.json()).toEqual({ text: "a" });
  });

  test("names what is missing or unknown in the query", async () => {
    const missing = await (await post("/v1/convert", "x")).json();
    const unknown = await post("/v1/convert?to=txet", "x");
    expect(missing).toMatchObject({ status: 400, code: "SG_HTTP_MALFORMED" });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({
      code: "SG_REGISTRY_UNKNOWN",
      detail: expect.stringContaining("text") as string,
    });
  });

  test("says which hop is missing when there is no way", async () => {
    const response = await post("/v1/convert?to=invoice&from=text", "hello");
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: "SG_PLAN_NO_PATH", retryable: false });
  });

  test("refuses an empty body", async () => {
    const response = await post("/v1/convert?to=text", "");
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "SG_INPUT_EMPTY" });
  });

  test("does not fetch inputs by URL unless allowed", async () => {
    const response = await post(
      "/v1/convert?to=text",
      JSON.stringify({ input: "http://127.0.0.1:1/secret" }),
      jsonHeaders,
    );
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: "SG_HTTP_DISABLED",
      hint: expect.stringContaining("allow.urlInputs") as string,
    });
  });
});

describe("POST /v1/pipelines/{name}", () => {
  test("runs a configured pipeline and tells how in headers", async () => {
    const response = await post("/v1/pipelines/shout", "hello", { "content-type": "text/plain" });
    expect(await response.text()).toBe("HELLO");
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(response.headers.get("stargate-receipt")).toMatch(/^[0-9a-f]{32}$/);
    expect(response.headers.get("stargate-coverage")).toBe("character=5/5");
    expect(response.headers.get("stargate-degraded")).toBeNull();
    expect(response.headers.get("server-timing")).toMatch(
      /^total;dur=[\d.]+, step;dur=[\d.]+;desc="demo\.shout@1\.0\.0"$/,
    );
  });

  test("takes one multipart part or JSON field per named input", async () => {
    const form = new FormData();
    form.append("first", "text field");
    form.append("second", new Blob(["file part"]), "second.txt");
    const json = JSON.stringify({ first: "plain text", second: "data:,a%20data%20URL" });
    expect(await (await post("/v1/pipelines/pair", form)).text()).toBe("text field file part");
    expect(await (await post("/v1/pipelines/pair", json, jsonHeaders)).text()).toBe("plain text a data URL");
  });

  test("names missing, unknown and doubled inputs", async () => {
    const missing = await post("/v1/pipelines/pair", JSON.stringify({ first: "a" }), jsonHeaders);
    const unknown = await post("/v1/pipelines/pair", JSON.stringify({ first: "a", secnod: "b" }), jsonHeaders);
    const doubled = new FormData();
    doubled.append("first", "a");
    doubled.append("first", "b");
    const raw = await post("/v1/pipelines/pair", "raw", { "content-type": "text/plain" });
    expect(await missing.json()).toMatchObject({
      status: 400,
      code: "SG_HTTP_BODY",
      detail: "The body lacks the input second",
    });
    expect(await unknown.json()).toMatchObject({
      status: 400,
      detail: expect.stringContaining("did you mean 'second'") as string,
    });
    expect(await (await post("/v1/pipelines/pair", doubled)).json()).toMatchObject({
      status: 400,
      detail: 'The body has two parts "first"',
    });
    expect(await raw.json()).toMatchObject({ status: 400, code: "SG_HTTP_BODY" });
  });

  test("announces incomplete coverage, degradations and issues", async () => {
    const response = await post("/v1/pipelines/half", "0123456789", { accept: "application/vnd.stargate+json" });
    const { output, receipt } = (await response.json()) as { output: unknown; receipt: Record<string, unknown> };
    expect(response.headers.get("stargate-coverage")).toBe("character=5/10");
    expect(response.headers.get("stargate-degraded")).toBe(String.raw`"lower \"quality\"";step="step"`);
    expect(output).toEqual({ mediaType: "text/plain", text: "01234" });
    expect(receipt).toMatchObject({
      tenant: "local",
      pipeline: "half",
      degradations: [{ reason: "on purpose" }],
      issues: [{ code: "SG_DEMO_ISSUE" }],
    });
  });

  test("gives outputs with a JSON encoding as JSON inside the envelope", async () => {
    const response = await post("/v1/pipelines/count", "a b", { accept: "application/vnd.stargate+json" });
    expect(response.headers.get("content-type")).toBe("application/vnd.stargate+json");
    expect(await response.json()).toMatchObject({ output: { words: 2 }, receipt: { stargate: 1 } });
  });

  test("refuses an encoding the output does not have before it reads the body", async () => {
    const response = await post("/v1/pipelines/shout", "hello", { accept: "image/png" });
    expect(response.status).toBe(406);
    expect(await response.json()).toMatchObject({ code: "SG_OUTPUT_NOT_ACCEPTABLE" });
    const runs = await (await gateway.fetch("/metrics")).text();
    expect(runs).not.toContain('code="SG_OUTPUT_NOT_ACCEPTABLE"');
    expect(runs).not.toContain('outcome="SG_OUTPUT_NOT_ACCEPTABLE"');
  });

  test("suggests the nearest name for an unknown pipeline", async () => {
    const response = await post("/v1/pipelines/shuot", "x");
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: "SG_PIPELINE_UNKNOWN",
      detail: expect.stringContaining("did you mean 'shout'") as string,
    });
  });
});

describe("POST /v1/run", () => {
  const pipeline = {
    stargate: 1,
    name: "sent",
    inputs: { input: "text" },
    steps: [{ kind: "transform", id: "step", use: "demo.shout", from: "input" }],
    output: "step",
  };

  test("is off unless the operator allows it", async () => {
    const response = await post("/v1/run", JSON.stringify({ pipeline, input: "hello" }), jsonHeaders);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: "SG_HTTP_DISABLED",
      hint: expect.stringContaining("allow.pipelineSpecs") as string,
    });
  });
});
