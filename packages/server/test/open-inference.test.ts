import { readFileSync } from "node:fs";
import { defineBackend, fail, type LoadedModel, type ModelSpec } from "@stargate/kernel";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelAdapter } from "./support/model-adapter.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

interface Exchange {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Base64. */
  readonly body: string;
  readonly answer: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  };
}

const recorded = JSON.parse(
  readFileSync(new URL("fixtures/open-inference/tritonclient.json", import.meta.url), "utf8"),
) as readonly Exchange[];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ pipelines: [], limits: { maxTensorBytes: 4096, maxJsonBytes: 2048 } }, [
    modelAdapter(),
  ]);
});
afterAll(() => gateway[Symbol.asyncDispose]());

const testModels = modelAdapter().models.map(({ id }) => id);

/** JSON of a body, and the binary data behind it. */
function parts(body: Buffer, headerLength: string | null | undefined): readonly unknown[] {
  const split = headerLength === null || headerLength === undefined ? body.length : Number(headerLength);
  const json: unknown = body.length === 0 ? undefined : JSON.parse(body.subarray(0, split).toString());
  // The index has the models that come with the gateway, too.
  return [
    Array.isArray(json) ? json.filter(({ name }) => testModels.includes(name as string)) : json,
    body.subarray(split).toString("hex"),
  ];
}

describe("what tritonclient sends is answered as it was when the client was content:", () => {
  const refused = recorded.filter(({ answer }) => answer.status >= 400);
  const send = ({ method, path, headers, body }: Exchange) =>
    gateway.fetch(path, { method, headers, ...(method === "POST" && { body: Buffer.from(body, "base64") }) });

  test.for(recorded.filter(({ answer }) => answer.status < 400))("$name", async (exchange) => {
    const { answer } = exchange;
    const response = await send(exchange);
    expect(response.status).toBe(answer.status);
    expect(response.headers.get("content-type")).toBe(answer.headers?.["content-type"]);
    const length = "inference-header-content-length";
    const [json, binary] = parts(Buffer.from(await response.arrayBuffer()), response.headers.get(length));
    const [wantedJson, wantedBinary] = parts(Buffer.from(answer.body ?? "", "base64"), answer.headers?.[length]);
    expect(json).toEqual(wantedJson);
    expect(binary).toBe(wantedBinary);
  });

  test.for(refused)("$name, a refusal", async (exchange) => {
    const response = await send(exchange);
    expect(response.status).toBe(exchange.answer.status);
    expect(await response.json()).toEqual({ error: expect.stringMatching(/./) });
    expect(response.headers.get("stargate-error")).toMatch(/^SG_/);
  });
});

const x = { name: "x", shape: [1, 2], datatype: "FP32", data: [1, 2.5] };
const infer = (body: BodyInit, headers: Record<string, string> = {}, model = "double") =>
  gateway.fetch(`/v2/models/${model}/infer`, { method: "POST", body, headers });
const inferJson = (body: object, headers?: Record<string, string>) => infer(JSON.stringify(body), headers);

test("an answer says where it was made, and has a receipt that can be judged", async () => {
  const response = await inferJson({ id: "7", inputs: [x] });
  expect(await response.json()).toEqual({
    id: "7",
    model_name: "double",
    model_version: "1",
    parameters: { variant: "only", backend: "scripted", device: "cpu", pool: "cpu" },
    outputs: [{ name: "y", shape: [1, 2], datatype: "FP32", data: [2, 5] }],
  });
  const id = response.headers.get("stargate-receipt") ?? "";
  const receipt = await gateway.fetch(`/v1/receipts/${id}`);
  expect(await receipt.json()).toMatchObject({
    id,
    pipeline: null,
    input: { x: { modality: "tensor" } },
    steps: [{ id: "infer", uses: "double@1", models: [{ model: "double", pool: "cpu", calls: 1, attempts: 1 }] }],
  });
  const feedback = await gateway.fetch(`/v1/receipts/${id}/feedback`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"score":1}',
  });
  expect(feedback.status).toBeLessThan(300);
});

const header = (fields: object) => JSON.stringify({ inputs: [{ ...x, data: undefined, ...fields }] });
const binary = (json: string, bytes: number) => ({
  body: Buffer.concat([Buffer.from(json), Buffer.alloc(bytes)]),
  headers: { "inference-header-content-length": String(json.length) },
});

test.for([
  ["no JSON", "{", {}, 400, "SG_COMPUTE_MESSAGE", /not JSON/],
  ["no inputs", "{}", {}, 400, "SG_COMPUTE_MESSAGE", /inputs/],
  [
    "a value that is none",
    JSON.stringify({ inputs: [{ ...x, data: [1, "2"] }] }),
    {},
    422,
    "SG_COMPUTE_INPUT",
    /"x"\[1\] is "2"/,
  ],
  [
    "another shape",
    JSON.stringify({ inputs: [{ ...x, shape: [2] }] }),
    {},
    422,
    "SG_COMPUTE_INPUT",
    /takes shape \[batch, 2\], not \[2\]/,
  ],
  ["another name", JSON.stringify({ inputs: [{ ...x, name: "z" }] }), {}, 422, "SG_COMPUTE_INPUT", /no input "z"/],
  ["no input", JSON.stringify({ inputs: [] }), {}, 422, "SG_COMPUTE_INPUT", /"x".* is missing/],
  ["too much JSON", " ".repeat(3000), {}, 413, "SG_HTTP_BODY_TOO_LARGE", /limits.maxJsonBytes/],
  [
    "a header length that is none",
    "{}",
    { "inference-header-content-length": "-1" },
    400,
    "SG_HTTP_MALFORMED",
    /not a number of bytes/,
  ],
  [
    "a header longer than the body",
    "{}",
    { "inference-header-content-length": "9" },
    400,
    "SG_COMPUTE_MESSAGE",
    /2 bytes, and a header of 9/,
  ],
  ["another compression", "{}", { "content-encoding": "br" }, 400, "SG_HTTP_BODY", /"br"; gzip and deflate/],
  ["damaged compression", "{}", { "content-encoding": "gzip" }, 400, "SG_HTTP_BODY", /cannot be decompressed/],
  ["a deadline that is none", "{}", { "stargate-deadline-ms": "soon" }, 400, "SG_HTTP_MALFORMED", /"soon"/],
] as const)("%s is refused with what is wrong", async ([, body, headers, status, code, message]) => {
  const response = await infer(body, headers);
  expect([response.status, response.headers.get("stargate-error")]).toEqual([status, code]);
  expect(((await response.json()) as { error: string }).error).toMatch(message);
});

test("binary data that is cut off, too long or too large is refused", async () => {
  const send = async (json: string, bytes: number) => {
    const { body, headers } = binary(json, bytes);
    const response = await infer(body, headers);
    return [response.status, ((await response.json()) as { error: string }).error];
  };
  const sized = header({ parameters: { binary_data_size: 8 } });
  expect(await send(sized, 7)).toEqual([400, expect.stringContaining('ends 1 bytes before the end of "x"')]);
  expect(await send(sized, 9)).toEqual([400, expect.stringContaining("1 bytes that belong to no tensor")]);
  expect(await send(header({ parameters: { binary_data_size: 4 } }), 4)).toEqual([
    422,
    expect.stringContaining("4 bytes"),
  ]);
  expect(await send(sized, 5000)).toEqual([413, expect.stringContaining("limits.maxTensorBytes")]);
});

test("a compressed body is bounded by what comes out of it", async () => {
  const bomb = new Response(new Blob([" ".repeat(100_000)]).stream().pipeThrough(new CompressionStream("gzip")));
  const response = await infer(await bomb.arrayBuffer(), { "content-encoding": "gzip" });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("at most 2048 bytes");
});

test("a tensor of unknown length is read to its end", async () => {
  const { body, headers } = binary(header({ parameters: { binary_data_size: 8 } }), 8);
  const stream = new ReadableStream({
    start(controller) {
      for (const byte of body) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const init = { method: "POST", body: stream, headers, duplex: "half" } as RequestInit;
  expect((await gateway.fetch("/v2/models/double/infer", init)).status).toBe(200);
});

test("values that JSON does not have are refused in JSON and given as binary data", async () => {
  const { body, headers } = binary(header({ parameters: { binary_data_size: 8 } }), 8);
  body.writeFloatLE(NaN, body.length - 4);
  const asJson = await infer(body, headers);
  expect([asJson.status, asJson.headers.get("stargate-error")]).toEqual([400, "SG_COMPUTE_MESSAGE"]);
  const wanted = header({ parameters: { binary_data_size: 8 } }).replace(
    "{",
    '{"parameters":{"binary_data_output":true},',
  );
  const asBinary = binary(wanted, 8);
  asBinary.body.writeFloatLE(NaN, asBinary.body.length - 4);
  const response = await infer(asBinary.body, asBinary.headers);
  const answer = Buffer.from(await response.arrayBuffer());
  expect(answer.readFloatLE(answer.length - 4)).toBeNaN();
});

test("a deadline in the past is one that no pool can meet", async () => {
  const response = await inferJson({ inputs: [x] }, { "stargate-deadline-ms": "0.0001" });
  expect(response.status).toBeGreaterThanOrEqual(500);
  expect(await response.json()).toEqual({ error: expect.stringMatching(/./) });
});

test("a client that goes away ends its run", async () => {
  const started = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const signature = { inputs: [{ name: "x", dtype: "float32" as const, shape: [1, 2] }], outputs: [] };
  const slow: LoadedModel = {
    signature,
    device: "slow",
    run: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => (aborted.resolve(), reject(fail("SG_RUN_CANCELLED", "given up"))));
        started.resolve();
      }),
    unload: async () => {},
  };
  const backend = defineBackend({
    id: "slow",
    version: "1.0.0",
    summary: "Runs until it is stopped",
    formats: ["slow"],
    probe: async () => ({ backend: "slow", version: "1", devices: [{ id: "slow", kind: "remote", available: true }] }),
    load: async () => slow,
  });
  const model = { ...modelAdapter().models[0], id: "slow", format: "slow" } as ModelSpec; // the test's adapter has one
  const adapter = { ...modelAdapter(), backends: [backend], models: [model] };
  await using other = await startTestGateway({ pipelines: [] }, [adapter]);
  const leave = new AbortController();
  const body = JSON.stringify({ inputs: [x] });
  const answer = other.fetch("/v2/models/slow/infer", { method: "POST", body, signal: leave.signal });
  await started.promise;
  leave.abort();
  await expect(answer).rejects.toThrow(/abort/);
  await aborted.promise;
});

test.for(["PUT", "DELETE"])("%s is refused in the shape of the protocol", async (method) => {
  const response = await gateway.fetch("/v2/models/double/infer", { method });
  expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  expect(await response.json()).toEqual({ error: expect.stringContaining("POST") });
});
