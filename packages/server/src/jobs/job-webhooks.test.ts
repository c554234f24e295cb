import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "@stargate/kernel";
import { createFakeClock, type FakeClock } from "@stargate/kernel/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { verifyWebhook } from "../connectors/webhook-signature.ts";
import { silentLog } from "../host/log-adapter.ts";
import { describeJob } from "./describe-job.ts";
import { JobStore } from "./job-store.ts";
import { JobWebhooks } from "./job-webhooks.ts";

const secret = "a secret of enough letters";
const url = "https://hooks.example.org/jobs";

interface Call {
  readonly url: string;
  readonly body: string;
  readonly headers: Headers;
  readonly atMs: number;
}

let folder: string;
let store: JobStore;
let clock: FakeClock;
let calls: Call[];
/** What the receiver answers, call by call; the last for ever. */
let answers: (Response | Error)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-webhooks-"));
  store = await JobStore.open(join(folder, "jobs.sqlite"));
  clock = createFakeClock();
  calls = [];
  answers = [];
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

function open(maxAttempts = 12, log: Log = silentLog): JobWebhooks {
  return new JobWebhooks({
    store,
    secret,
    config: { timeoutMs: 1000, maxAttempts },
    clock,
    idleClock: clock,
    log,
    describe: (job) => describeJob(job, undefined, 1000),
    async fetch(input, init) {
      const { body } = new Request(String(input), init as RequestInit);
      const text = await new Response(body).text();
      calls.push({ url: String(input), body: text, headers: new Headers(init?.headers), atMs: clock.nowMs() });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) throw answer;
      return answer?.clone() ?? new Response(null, { status: 204 });
    },
  });
}

/** A job that has ended. */
function endedJob(id: string, webhookUrl: string | null = url): void {
  const head = { pipeline: "shout", goal: { pipeline: "shout" }, policy: {}, requestId: "r" };
  const createdMs = clock.epochMs();
  store.add({
    id,
    tenant: "t",
    createdMs,
    order: { head, inputs: {} },
    inputBytes: 0,
    webhookUrl: webhookUrl ?? undefined,
    key: undefined,
  });
  store.end(id, {
    state: "cancelled",
    outcome: { partialResults: 0 },
    receipt: undefined,
    endedMs: clock.epochMs(),
    resultBytes: 0,
  });
}
const webhookOf = (id: string) => store.find("t", id)?.webhook;

describe("the end of a job", () => {
  test("is told once, signed, with the job as its resource shows it", async () => {
    endedJob("a");
    endedJob("silent", null);
    const webhooks = open();
    webhooks.pump();
    await clock.advance(10_000);
    const [call, ...others] = calls;
    expect([call?.url, others]).toEqual([url, []]);
    expect(JSON.parse(call?.body ?? "")).toMatchObject({ event: "job-end", job: { id: "a", state: "cancelled" } });
    expect(call?.headers.get("idempotency-key")).toBe("a");
    const signature = call?.headers.get("stargate-signature");
    const nowSeconds = clock.epochMs() / 1000;
    await expect(verifyWebhook({ body: call?.body ?? "", signature, secret, nowSeconds })).resolves.toBeUndefined();
    await expect(verifyWebhook({ body: "{}", signature, secret, nowSeconds })).rejects.toThrow("signature");
    expect(webhookOf("a")).toMatchObject({ state: "delivered", attempts: 1 });
    await webhooks.stop();
  });

  test("is told again with doubled pauses, or after the one that the receiver asks for", async () => {
    endedJob("a");
    answers = [
      new Response(null, { status: 500 }),
      new TypeError("no route"),
      new Response(null, { status: 429, headers: { "retry-after": "30" } }),
      new Response(null, { status: 200 }),
    ];
    const webhooks = open();
    webhooks.pump();
    await clock.advance(60_000);
    expect(calls.map(({ atMs }) => atMs)).toEqual([0, 1000, 3000, 33_000]);
    expect(webhookOf("a")).toMatchObject({ state: "delivered", attempts: 4 });
    await webhooks.stop();
  });

  test("is not told again to a receiver that refuses it, nor more often than allowed", async () => {
    endedJob("a");
    answers = [new Response(null, { status: 410 })];
    const webhooks = open(2);
    webhooks.pump();
    await clock.advance(60_000);
    expect(webhookOf("a")).toMatchObject({ state: "refused", attempts: 1, message: "The receiver answered 410" });
    answers = [new TypeError("10.0.0.7 refused")];
    endedJob("b");
    webhooks.pump();
    await clock.advance(60_000);
    expect(webhookOf("b")).toMatchObject({ state: "refused", attempts: 2, message: "The receiver cannot be reached" });
    expect(calls).toHaveLength(3);
    await webhooks.stop();
  });

  test("is told after a restart when it could not be told before", async () => {
    endedJob("a");
    answers = [new Response(null, { status: 503 })];
    const first = open();
    first.pump();
    await clock.advance(10);
    await first.stop();
    store.close();
    store = await JobStore.open(join(folder, "jobs.sqlite"));
    answers = [new Response(null, { status: 200 })];
    const second = open();
    second.pump();
    await clock.advance(2000);
    expect(webhookOf("a")).toMatchObject({ state: "delivered", attempts: 2 });
    await second.stop();
  });

  test("is told to as many receivers as there are, eight at a time", async () => {
    for (let index = 0; index < 30; index++) endedJob(`job-${index}`);
    const webhooks = open();
    webhooks.pump();
    await clock.advance(100);
    expect(calls).toHaveLength(30);
    await webhooks.stop();
  });
});
