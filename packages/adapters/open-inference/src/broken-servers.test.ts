import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { fail, type LoadedModel } from "@stargate/kernel";
import { createFakeClock } from "@stargate/kernel/testing";
import { describe, expect, test } from "vitest";
import { startGrpcServer } from "../test/grpc-server.ts";
import { startHttpServer, type TestServer } from "../test/http-server.ts";
import { createBackend, floats, lent, live, loadFrom, sourceOf } from "../test/subject.ts";
import { createOpenInferenceBackend } from "./open-inference-backend.ts";
import { openInferenceOptionsSchema } from "./open-inference-options.ts";

const x = floats(1, 2);
const run = (model: LoadedModel, signal = live) => model.run({ x }, { signal });
const isInfer = ({ url = "" }: IncomingMessage) => url.endsWith("/infer");

/** A server that is sound but for inference, which is answered by `answer`. */
const brokenServer = (answer: (outgoing: ServerResponse, incoming: IncomingMessage) => void): Promise<TestServer> =>
  startHttpServer({
    intercept(incoming, outgoing) {
      if (!isInfer(incoming)) return false;
      incoming.resume().once("end", () => answer(outgoing, incoming));
      return true;
    },
  });
const says =
  (status: number, body: string, headers: Record<string, string> = {}) =>
  (outgoing: ServerResponse): void =>
    void outgoing.writeHead(status, headers).end(body);
const outputs = (...entries: object[]) => JSON.stringify({ model_name: "double", outputs: entries });
const y = { name: "y", datatype: "FP32", shape: [2], data: [2, 4] };

/** A header, and fewer bytes than it announces. */
const header = JSON.stringify({ outputs: [{ ...y, data: undefined, parameters: { binary_data_size: 8 } }] });

describe("over HTTP, a failure is never half an answer:", () => {
  test.for([
    ["500", says(500, '{"error":"CUDA error"}'), "SG_COMPUTE_HOST_LOST", true, /answers 500: CUDA error/],
    ["503", says(503, "busy"), "SG_COMPUTE_HOST_LOST", true, /answers 503: busy/],
    ["503 with Retry-After", says(503, "", { "retry-after": "7" }), "SG_COMPUTE_OVERLOADED", true, /503: no message/],
    ["429", says(429, '{"detail":"slow down"}'), "SG_COMPUTE_OVERLOADED", true, /429: slow down/],
    ["400", says(400, '{"error":"unexpected\\nshape"}'), "SG_OPEN_INFERENCE_REFUSED", false, /400: unexpected shape/],
    [
      "422 of FastAPI",
      says(422, '{"detail":[{"loc":["body"],"msg":"wrong datatype","input":"..."}]}'),
      "SG_OPEN_INFERENCE_REFUSED",
      false,
      /422: wrong datatype$/,
    ],
    ["401", says(401, "who are you"), "SG_OPEN_INFERENCE_KEY", false, /401/],
    ["302", says(304, ""), "SG_OPEN_INFERENCE_ANSWER", true, /304/],
    ["HTML", says(200, "<html>"), "SG_OPEN_INFERENCE_ANSWER", true, /not JSON/],
    ["no outputs", says(200, outputs()), "SG_OPEN_INFERENCE_ANSWER", true, /gave no output "y"/],
    [
      "another datatype",
      says(200, outputs({ ...y, datatype: "FP64" })),
      "SG_OPEN_INFERENCE_ANSWER",
      true,
      /as float64/,
    ],
    ["another rank", says(200, outputs({ ...y, shape: [1, 2] })), "SG_OPEN_INFERENCE_ANSWER", true, /shape \[1, 2\]/],
    ["too few values", says(200, outputs({ ...y, data: [2] })), "SG_OPEN_INFERENCE_ANSWER", true, /1 values/],
    [
      "binary data that is cut off",
      says(200, `${header}abcd`, { "inference-header-content-length": String(header.length) }),
      "SG_OPEN_INFERENCE_ANSWER",
      true,
      /ends 4 bytes before the end of "y"/,
    ],
    [
      "a body shorter than announced",
      (outgoing: ServerResponse): void => {
        outgoing.writeHead(200, { "content-length": "1000" });
        outgoing.write(outputs(y), () => outgoing.destroy());
      },
      "SG_COMPUTE_HOST_LOST",
      true,
      /was lost/,
    ],
    [
      "a chunked body without its end",
      (outgoing: ServerResponse): void => {
        outgoing.writeHead(200);
        outgoing.write(outputs(y), () => outgoing.destroy());
      },
      "SG_COMPUTE_HOST_LOST",
      true,
      /was lost/,
    ],
    [
      "a closed connection",
      (outgoing: ServerResponse): void => void outgoing.destroy(),
      "SG_COMPUTE_HOST_LOST",
      true,
      /lost/,
    ],
  ] as const)("%s", async ([, answer, code, retryable, message]) => {
    await using server = await brokenServer(answer);
    await using model = await loadFrom(server.url, "double");
    await expect(run(model)).rejects.toMatchObject({ code, retryable, message: expect.stringMatching(message) });
  });

  test("the time that a server asks to be left alone is handed on", async () => {
    await using server = await brokenServer(says(429, "", { "retry-after": "7" }));
    await using model = await loadFrom(server.url, "double");
    await expect(run(model)).rejects.toMatchObject({ details: { retryAfterMs: 7000 } });
  });

  test("a server that does not answer in time is lost", async () => {
    const asked = Promise.withResolvers<void>();
    await using server = await brokenServer(() => asked.resolve());
    const clock = createFakeClock();
    const options = openInferenceOptionsSchema.parse({ servers: { test: { url: server.url, timeoutMs: 1000 } } });
    const backend = createOpenInferenceBackend(options, { clock });
    const model = await backend.load(sourceOf("double"), { ...lent, signal: live });
    const outcome = run(model).catch((error: unknown) => error);
    await asked.promise;
    await clock.advance(1000);
    expect(await outcome).toMatchObject({
      code: "SG_COMPUTE_HOST_LOST",
      message: 'Server "test" was not done after 1000 ms',
    });
  });

  test("a run that is cancelled closes its connection and says why it was cancelled", async () => {
    const asked = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    await using server = await brokenServer((outgoing) => {
      outgoing.once("close", () => closed.resolve());
      asked.resolve();
    });
    await using model = await loadFrom(server.url, "double");
    const abort = new AbortController();
    const running = run(model, abort.signal);
    await asked.promise;
    abort.abort(fail("SG_RUN_DEADLINE", "too late"));
    await expect(running).rejects.toMatchObject({ code: "SG_RUN_DEADLINE", message: "too late" });
    await closed.promise;
  });
});

describe("over gRPC, a failure is never half an answer:", () => {
  const good = { outputs: [{ name: "y", datatype: "FP32", shape: [2] }], rawOutputContents: [new Uint8Array(8)] };
  const status = (code: number, details: string) => ({ code, details });
  test.for([
    ["UNAVAILABLE", status(14, "gone"), "SG_COMPUTE_HOST_LOST", true, /gRPC status 14: gone/],
    ["INTERNAL", status(13, "boom"), "SG_COMPUTE_HOST_LOST", true, /boom/],
    ["RESOURCE_EXHAUSTED", status(8, "queue full"), "SG_COMPUTE_OVERLOADED", true, /queue full/],
    ["INVALID_ARGUMENT", status(3, "bad shape"), "SG_OPEN_INFERENCE_REFUSED", false, /bad shape/],
    ["UNAUTHENTICATED", status(16, "who"), "SG_OPEN_INFERENCE_KEY", false, /who/],
    ["no outputs", { outputs: [], rawOutputContents: [] }, "SG_OPEN_INFERENCE_ANSWER", true, /gave no output "y"/],
    ["data cut off", { ...good, rawOutputContents: [new Uint8Array(7)] }, "SG_OPEN_INFERENCE_ANSWER", true, /7 bytes/],
    [
      "data for another",
      { ...good, rawOutputContents: [new Uint8Array(8), new Uint8Array(8)] },
      "SG_OPEN_INFERENCE_ANSWER",
      true,
      /data for 2/,
    ],
    ["no data", { ...good, rawOutputContents: [] }, "SG_OPEN_INFERENCE_ANSWER", true, /no data/],
  ] as const)("%s", async ([, answer, code, retryable, message]) => {
    await using server = await startGrpcServer({ intercept: () => answer });
    await using model = await loadFrom(server.url, "double");
    await expect(run(model)).rejects.toMatchObject({ code, retryable, message: expect.stringMatching(message) });
  });

  test("data in its typed form is read as well", async () => {
    const typed = { outputs: [{ ...good.outputs[0], contents: { fp32Contents: [2, NaN] } }] };
    await using server = await startGrpcServer({ intercept: () => typed });
    await using model = await loadFrom(server.url, "double");
    expect(await run(model)).toEqual({ y: floats(2, NaN) });
  });

  test("a run that is cancelled is cancelled at the server too", async () => {
    const asked = Promise.withResolvers<void>();
    const cancelled = Promise.withResolvers<void>();
    await using server = await startGrpcServer({
      intercept: () => (asked.resolve(), new Promise(() => undefined)),
      onCancelled: cancelled.resolve,
    });
    await using model = await loadFrom(server.url, "double");
    const abort = new AbortController();
    const running = run(model, abort.signal);
    await asked.promise;
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    await cancelled.promise;
  });

  test("a server that does not answer in time is lost, and hears of the deadline", async () => {
    const cancelled = Promise.withResolvers<void>();
    await using server = await startGrpcServer({
      intercept: () => new Promise(() => undefined),
      onCancelled: cancelled.resolve,
    });
    const backend = createBackend({ servers: { test: { url: server.url, timeoutMs: 100 } } });
    const model = await backend.load(sourceOf("double"), { signal: live });
    await expect(run(model)).rejects.toMatchObject({
      code: "SG_COMPUTE_HOST_LOST",
      message: 'Server "test" was not done after 100 ms',
    });
    await cancelled.promise;
    await backend.close();
  });

  test("the key and further headers are sent along", async () => {
    await using server = await startGrpcServer();
    const secret = (name: string) => (name === "triton-key" ? "s3cret" : undefined);
    const servers = { test: { url: server.url, apiKey: "triton-key", headers: { "x-route": "a" } } };
    const backend = createBackend({ servers }, { secret });
    await backend.load(sourceOf("double"), { signal: live });
    expect(server.metadata[0]).toMatchObject({ authorization: "Bearer s3cret", "x-route": "a" });
    await backend.close();
  });
});

/** A port of this machine on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test.for(["http", "grpc"])("a server that is not there (%s) is a device with the reason, and lost", async (scheme) => {
  const backend = createBackend({ servers: { test: `${scheme}://127.0.0.1:${await closedPort()}` } });
  const { devices } = await backend.probe({ signal: live });
  expect(devices).toEqual([
    { id: "test", kind: "remote", available: false, reason: expect.stringContaining('Server "test"') },
  ]);
  await expect(backend.load(sourceOf("double"), { signal: live })).rejects.toMatchObject({
    code: "SG_COMPUTE_HOST_LOST",
    retryable: true,
  });
  await backend.close();
});

test("an HTTP server is not asked without the host's fetch, not even for a probe", async () => {
  const options = openInferenceOptionsSchema.parse({ servers: { test: "http://127.0.0.1:9" } });
  const backend = createOpenInferenceBackend(options);
  await expect(backend.load(sourceOf("double"), { signal: live })).rejects.toMatchObject({
    code: "SG_COMPUTE_UNAVAILABLE",
  });
  const { devices } = await backend.probe({ signal: live });
  expect(devices[0]?.reason).toContain("lends no network");
});

test("an address the operator does not allow is refused as such", async () => {
  const denied = { fetch: () => Promise.reject(fail("SG_FETCH_DENIED", "not on the list")) };
  const backend = createBackend({ servers: { test: "http://10.0.0.1" } }, denied);
  await expect(backend.load(sourceOf("double"), { signal: live })).rejects.toMatchObject({ code: "SG_FETCH_DENIED" });
});

test("a key is sent as a bearer token, and one that is not set is named", async () => {
  await using server = await startHttpServer();
  const servers = { test: { url: server.url, apiKey: "triton-key" } };
  const unset = createBackend({ servers });
  await expect(unset.load(sourceOf("double"), { signal: live })).rejects.toMatchObject({
    code: "SG_OPEN_INFERENCE_KEY",
    message: expect.stringContaining('"triton-key"'),
  });
  const backend = createBackend({ servers }, { secret: () => "s3cret" });
  await backend.load(sourceOf("double"), { signal: live });
  expect(server.requests.map(({ incoming }) => incoming.headers.authorization)).toEqual([
    "Bearer s3cret",
    "Bearer s3cret",
  ]);
});

test("models run on the device asked for; one that is bound to a server runs nowhere else", async () => {
  await using first = await startHttpServer();
  await using second = await startHttpServer();
  const backend = createBackend({ servers: { first: first.url, second: second.url } });
  const load = (settings: object, device?: string) =>
    backend.load(sourceOf("double", settings as never), { signal: live, device }).then((model) => model.device);
  expect(await load({})).toBe("first");
  expect(await load({}, "second")).toBe("second");
  expect(await load({ server: "second" })).toBe("second");
  await expect(load({ server: "second" }, "first")).rejects.toMatchObject({ code: "SG_COMPUTE_DEVICE" });
  await expect(load({ serve: "second" })).rejects.toMatchObject({ code: "SG_OPTIONS_INVALID" });
});
