import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { deliveryOf, emptyReceipt, openContext } from "../../test/support/connector-context.ts";
import { createFetchGate, type FetchGate } from "../host/fetch/gated-fetch.ts";
import type { EncodePayload } from "./encode-delivery.ts";
import { signWebhook, verifyWebhook } from "./webhook-signature.ts";
import { createWebhookSink } from "./webhook-sink.ts";

const secret = "a secret of enough letters";
let server: Server;
let port = 0;
let answer = { status: 200, headers: {} as Record<string, string> };
const received: { readonly headers: IncomingHttpHeaders; readonly body: Buffer<ArrayBuffer> }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    void buffer(request).then((body) => {
      received.push({ headers: request.headers, body: body as Buffer<ArrayBuffer> });
      response.writeHead(answer.status, answer.headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => (server.closeAllConnections(), server.close()));

const gates: FetchGate[] = [];
afterEach(() => {
  received.length = 0;
  answer = { status: 200, headers: {} };
  for (const gate of gates.splice(0)) gate.close();
});

const plain: EncodePayload = (payload) =>
  Promise.resolve({ body: String(payload.value), mediaType: "text/plain;charset=utf-8" });
function open(encode: EncodePayload = plain, allow = [`127.0.0.1:${port}`]) {
  const gate = createFetchGate({ allow, allowNetworks: ["127.0.0.1"] });
  gates.push(gate);
  return createWebhookSink({ url: `http://127.0.0.1:${port}/hook`, secret, encode, fetch: gate.fetch });
}
const context = openContext();

describe("webhook sink", () => {
  it("posts the result, signed, with its key, receipt and name", async () => {
    await open().deliver(deliveryOf("héllo", "sha256:k1", "scän.pdf"), context);
    const [{ headers, body }] = received as [(typeof received)[number]];
    expect(body.toString()).toBe("héllo");
    expect(headers).toMatchObject({
      "content-type": "text/plain;charset=utf-8",
      "content-length": "6",
      "idempotency-key": "sha256:k1",
      "stargate-receipt": emptyReceipt.id,
      "stargate-name": "sc%C3%A4n.pdf",
    });
    await verifyWebhook({ body, signature: headers["stargate-signature"] as string, secret });
  });

  it.each([
    ["a Blob", () => new Blob(["abc"])],
    ["bytes", () => new Uint8Array([97, 98, 99])],
    ["a stream", () => new Blob(["abc"]).stream() as ReadableStream<Uint8Array>],
  ])("signs %s as well", async (_name, body) => {
    await open(() => Promise.resolve({ body: body(), mediaType: "application/octet-stream" })).deliver(
      deliveryOf("", "k"),
      context,
    );
    const [request] = received;
    await verifyWebhook({ body: request!.body, signature: request!.headers["stargate-signature"] as string, secret });
    expect(request!.body.toString()).toBe("abc");
  });

  it.each([400, 413, 415, 422])("takes %d for a refusal of this very result", async (status) => {
    answer.status = status;
    await expect(open().deliver(deliveryOf("x", "k"), context)).rejects.toMatchObject({
      code: "SG_CONNECTOR_REFUSED",
      retryable: false,
      message: expect.stringContaining(String(status)) as string,
    });
  });

  it.each([401, 403, 404, 408, 410, 429, 500, 502, 503])("takes %d for something that may pass", async (status) => {
    answer.status = status;
    await expect(open().deliver(deliveryOf("x", "k"), context)).rejects.toMatchObject({
      code: "SG_CONNECTOR_UNAVAILABLE",
      retryable: true,
    });
  });

  it("hands on how long the receiver asks to wait", async () => {
    answer = { status: 503, headers: { "retry-after": "7" } };
    await expect(open().deliver(deliveryOf("x", "k"), context)).rejects.toMatchObject({
      details: { retryAfterMs: 7000 },
    });
  });

  it("reaches no host that the operator has not allowed, and does not blame the result", async () => {
    await expect(open(plain, ["hooks.example.org"]).deliver(deliveryOf("x", "k"), context)).rejects.toMatchObject({
      code: "SG_CONNECTOR_UNAVAILABLE",
      retryable: true,
      hint: expect.stringContaining("allow.hosts") as string,
    });
    expect(received).toEqual([]);
  });
});

describe("webhook signature", () => {
  const at = 1_700_000_000;
  const signed = () => signWebhook("body", secret, at);
  const verify = async (changes: Partial<Parameters<typeof verifyWebhook>[0]>): Promise<string> =>
    verifyWebhook({ body: "body", signature: await signed(), secret, nowSeconds: at, ...changes }).then(
      () => "valid",
      (error: unknown) => (error as { code: string }).code,
    );

  it("is HMAC-SHA-256 over time, dot and body", async () => {
    // python3 -c 'import hmac;print(hmac.new(b"a secret of enough letters", b"1700000000.body", "sha256").hexdigest())'
    expect(await signed()).toBe("t=1700000000,v1=9d8444a4d6ccea94099105f177b1b3937ccb11b8f0493c1e1626ecefe2b86635");
  });

  it("is valid for the same body, secret and time", async () => {
    expect(await verify({})).toBe("valid");
    expect(await verify({ secret: ["the new secret, just rolled", secret] })).toBe("valid");
    expect(await verify({ nowSeconds: at + 299 })).toBe("valid");
    expect(await verify({ signature: `${await signed()},v1=00` })).toBe("valid");
  });

  it.each([
    ["another body", { body: "bodY" }],
    ["another secret", { secret: "not the secret at all" }],
    ["an old delivery", { nowSeconds: at + 301 }],
    ["a delivery from the future", { nowSeconds: at - 301 }],
    ["no header", { signature: null }],
    ["an empty header", { signature: "" }],
    ["a header without time", { signature: "v1=00" }],
    ["a header without signature", { signature: `t=${at}` }],
    ["a time that is no number", { signature: "t=1e9,v1=00" }],
    ["another time", { signature: `t=${at + 1},v1=00` }],
  ] as const)("refuses %s", async (_name, changes) => {
    expect(await verify(changes)).toBe("SG_CONNECTOR_SIGNATURE");
  });
});
