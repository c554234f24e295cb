import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyWebhook } from "../src/connectors/webhook-signature.ts";
import { acceptedJob, jobIn, postJob, showJob } from "./support/job-client.ts";
import { startTestGateway } from "./support/test-gateway.ts";

const secret = "a secret of enough letters";
const received: { readonly body: string; readonly headers: NodeJS.Dict<string | string[]> }[] = [];
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    received.push({ body: Buffer.concat(chunks).toString(), headers: request.headers });
    response.writeHead(204).end();
  });
});
let receiverUrl: string;
beforeEach(async () => {
  received.length = 0;
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterEach(() => {
  receiver.closeAllConnections();
  receiver.close();
});

const allowed = () => ({ allow: { hosts: [new URL(receiverUrl).host], networks: ["127.0.0.1"] } });

test("the receiver that the request or the operator names is told, signed, when a job has ended", async () => {
  await using named = await startTestGateway({ ...allowed(), jobs: { webhook: { secret } } });
  const { id } = await acceptedJob(named.url, "shout", "hello", { "stargate-webhook": receiverUrl });
  await expect.poll(async () => (await showJob(named.url, id)).webhook?.state, { timeout: 10_000 }).toBe("delivered");
  const [call] = received;
  const signature = String(call?.headers["stargate-signature"]);
  await expect(verifyWebhook({ body: call?.body ?? "", signature, secret })).resolves.toBeUndefined();
  const { job } = JSON.parse(call?.body ?? "") as { job: { result: string; receipt: string } };
  expect(await (await fetch(named.url + job.result)).text()).toBe("HELLO");
  expect(call?.headers["stargate-receipt"]).toBe(job.receipt);

  await using usual = await startTestGateway({ ...allowed(), jobs: { webhook: { secret, url: receiverUrl } } });
  await acceptedJob(usual.url, "secretive", "hello");
  await expect.poll(() => received.length, { timeout: 10_000 }).toBe(2);
  expect(JSON.parse(received[1]?.body ?? "")).toMatchObject({ job: { state: "failed", result: null } });
});

test("an address that the gateway may not call is refused with the request", async () => {
  await using without = await startTestGateway({ ...allowed() });
  const unsigned = await postJob(without.url, "shout", "hello", { "stargate-webhook": receiverUrl });
  expect([unsigned.status, await unsigned.json()]).toMatchObject([422, { code: "SG_JOB_WEBHOOK" }]);
  await using gateway = await startTestGateway({ jobs: { webhook: { secret } } });
  const denied = await postJob(gateway.url, "shout", "hello", { "stargate-webhook": receiverUrl });
  expect([denied.status, await denied.json()]).toMatchObject([403, { code: "SG_FETCH_DENIED" }]);
  await acceptedJob(gateway.url, "shout", "hello").then(({ id }) => jobIn(gateway.url, id, "succeeded"));
  expect(received).toEqual([]);
});

test("an address without a secret, a secret that is not there, and an address that is not allowed stop the start", async () => {
  const start = (webhook: object, rest: object = allowed()) => startTestGateway({ ...rest, jobs: { webhook } });
  await expect(start({ url: receiverUrl })).rejects.toMatchObject({ code: "SG_CONFIG_INVALID" });
  await expect(start({ secret: { env: "STARGATE_NOT_SET" } })).rejects.toMatchObject({ code: "SG_CONFIG_INVALID" });
  await expect(start({ url: receiverUrl, secret }, {})).rejects.toMatchObject({ code: "SG_FETCH_DENIED" });
});
