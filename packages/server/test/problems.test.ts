import { connect } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    limits: { maxBodyBytes: 10_000, maxJsonBytes: 5000, memoryBodyBytes: 1000, maxParts: 2 },
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  gateway.fetch(path, { method: "POST", body, headers });

/** Sends bytes as they are and gives everything that comes back. */
async function raw(text: string): Promise<string> {
  const socket = connect(Number(new URL(gateway.url).port), "127.0.0.1");
  socket.end(text);
  let answer = "";
  socket.on("data", (chunk) => (answer += String(chunk)));
  await once(socket, "close");
  return answer;
}

describe("problem+json (RFC 9457)", () => {
  test("answers an unknown path with 404 and the request's id", async () => {
    const response = await gateway.fetch("/v1/nothing", { headers: { "x-request-id": "my-request" } });
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("x-request-id")).toBe("my-request");
    expect(await response.json()).toMatchObject({
      type: "urn:stargate:error:SG_HTTP_NOT_FOUND",
      title: "No such path",
      status: 404,
      requestId: "my-request",
      hint: expect.any(String) as string,
    });
  });

  test("replaces a request id that could do harm in a log", async () => {
    const response = await gateway.fetch("/healthz", { headers: { "x-request-id": "a b\tc" } });
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each(["PUT", "DELETE", "PATCH", "OPTIONS", "GET"])(
    "answers %s on a POST path with 405 and Allow",
    async (method) => {
      const response = await gateway.fetch("/v1/convert", { method });
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST");
      expect(await response.json()).toMatchObject({ code: "SG_HTTP_METHOD" });
    },
  );

  test("answers malformed JSON with 400 and the place, not the text", async () => {
    const response = await post("/v1/convert?to=text", '{"text": "secret",}', { "content-type": "application/json" });
    const problem = await response.text();
    expect(response.status).toBe(400);
    expect(problem).toContain("position 18");
    expect(problem).not.toContain("secret");
  });

  test("answers malformed and truncated multipart with 400", async () => {
    const headers = { "content-type": "multipart/form-data; boundary=b" };
    const truncated = await post(
      "/v1/convert?to=text",
      '--b\r\ncontent-disposition: form-data; name="a"; filename="x"\r\n\r\nabc',
      headers,
    );
    const noBoundary = await post("/v1/convert?to=text", "x", { "content-type": "multipart/form-data" });
    const empty = await post("/v1/convert?to=text", "--b--\r\n", headers);
    expect(await truncated.json()).toMatchObject({ status: 400, code: "SG_HTTP_BODY" });
    expect(await noBoundary.json()).toMatchObject({ status: 400, code: "SG_HTTP_BODY" });
    expect(await empty.json()).toMatchObject({ status: 400, code: "SG_HTTP_BODY" });
  });

  test("answers too many parts with 400", async () => {
    const form = new FormData();
    for (const name of ["a", "b", "c"]) form.append(name, name);
    expect(await (await post("/v1/pipelines/pair", form)).json()).toMatchObject({
      status: 400,
      detail: expect.stringContaining("limits.maxParts") as string,
    });
  });

  test("answers an announced body over the limit with 413 without reading it", async () => {
    const response = await post("/v1/convert?to=text", "x".repeat(10_001));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      code: "SG_HTTP_BODY_TOO_LARGE",
      details: { limit: "limits.maxBodyBytes", maxBytes: 10_000 },
    });
  });

  test("answers a body of unknown length with 413 as soon as it is over the limit", async () => {
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(4000)) });
    const response = await gateway.fetch("/v1/convert?to=text", {
      method: "POST",
      body,
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: "SG_HTTP_BODY_TOO_LARGE" });
  });

  test("has a limit of its own for JSON, and for fields of a multipart body", async () => {
    const json = await post("/v1/convert?to=text", JSON.stringify({ text: "x".repeat(6000) }), {
      "content-type": "application/json",
    });
    const form = new FormData();
    form.append("first", "x".repeat(2000));
    expect(json.status).toBe(413);
    expect(await (await post("/v1/pipelines/pair", form)).json()).toMatchObject({
      status: 400,
      hint: expect.stringContaining("filename") as string,
    });
  });

  test("answers a client that asks first with 413 instead of 100", async () => {
    const answer = await raw(
      `POST /v1/convert?to=text HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 20000\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).not.toContain("100 Continue");
  });

  test("answers what is not HTTP, and impossible hosts, with a problem", async () => {
    expect(await raw("NONSENSE\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 [\s\S]*SG_HTTP_MALFORMED/);
    expect(await raw("GET / HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*SG_HTTP_MALFORMED/,
    );
    expect(await raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
  });

  test("keeps errors that are not public to the log, and payloads out of it", async () => {
    const response = await post("/v1/pipelines/secretive", "payload-content", { "content-type": "text/plain" });
    const problem = await response.text();
    await expect.poll(() => gateway.log.find(({ msg }) => msg === "request failed")).toBeDefined();
    const entry = gateway.log.find(({ msg }) => msg === "request failed");
    expect(response.status).toBe(500);
    expect(problem).not.toContain("hunter2");
    expect(JSON.parse(problem)).toMatchObject({ code: "SG_SERVER_INTERNAL", requestId: entry?.["requestId"] });
    expect(entry).toMatchObject({
      code: "SG_RUN_FAILED",
      route: "/v1/pipelines/:name",
      error: { cause: { type: "TypeError" } },
    });
    expect(JSON.stringify(gateway.log)).not.toMatch(/hunter2|payload-content/);
  });

  test.for([
    ["stargate-deadline-ms", "soon"],
    ["stargate-pool", "a pool"],
    ["stargate-criticality", "very"],
    ["stargate-degrade", "allow"],
  ] as const)("refuses %s: %s", async ([header, value]) => {
    expect(await (await post("/v1/pipelines/shout", "x", { [header]: value })).json()).toMatchObject({
      status: 400,
      code: "SG_HTTP_MALFORMED",
      detail: expect.stringContaining(value),
    });
  });
});
