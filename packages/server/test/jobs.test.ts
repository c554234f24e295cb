import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openGateway } from "../src/gateway/create-gateway.ts";
import { startServer } from "../src/http/server.ts";
import { demoAdapter } from "./support/demo-adapter.ts";
import { acceptedJob, jobIn, postJob, showJob, type DescribedJob } from "./support/job-client.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});
async function start(...args: Parameters<typeof startTestGateway>): Promise<TestGateway> {
  const gateway = await startTestGateway(...args);
  open.push(gateway);
  return gateway;
}

const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code: unknown }).code;
const listed = async (url: string, query = ""): Promise<readonly string[]> =>
  ((await (await fetch(`${url}/v1/jobs${query}`)).json()) as { jobs: DescribedJob[] }).jobs.map(({ id }) => id);

describe("a request that would rather not wait", () => {
  test("is answered 202 with the place of a job, whose result is what the answer would have been", async () => {
    const { url } = await start();
    const response = await postJob(url, "shout", "hello");
    const job = (await response.json()) as DescribedJob;
    expect([response.status, response.headers.get("location"), response.headers.get("preference-applied")]).toEqual([
      202,
      `/v1/jobs/${job.id}`,
      "respond-async",
    ]);
    const ended = await jobIn(url, job.id, "succeeded");
    const [result, direct] = [await fetch(url + ended.result), await postJob(url, "shout", "hello", { prefer: "" })];
    expect([result.status, await result.text()]).toEqual([200, "HELLO"]);
    expect(result.headers.get("content-type")).toBe(direct.headers.get("content-type"));
    expect(result.headers.get("stargate-receipt")).toBe(ended.receipt);
    const names = ({ headers }: Response) =>
      [...headers.keys()].filter((name) => !["cache-control", "transfer-encoding", "content-length"].includes(name));
    expect(names(result)).toEqual(names(direct));
  });

  test.for([
    ["/v1/convert?to=json&from=text&with=%7B%22demo.count%22%3A%7B%22unit%22%3A%22characters%22%7D%7D", {}],
    ["/v1/pipelines/count", {}],
  ] as const)("%s", async ([path]) => {
    const { url } = await start();
    const send = (prefer: string) =>
      fetch(url + path, { method: "POST", body: "two words", headers: { "content-type": "text/plain", prefer } });
    const { id } = (await (await send("respond-async, wait=10")).json()) as DescribedJob;
    const { result } = await jobIn(url, id, "succeeded");
    expect(await (await fetch(url + result)).text()).toBe(await (await send("return=minimal")).text());
  });

  test("may send the pipeline along", async () => {
    const { url } = await start({ allow: { pipelineSpecs: true } });
    const form = new FormData();
    form.set("pipeline", "name: sent\ninput: text\nsteps:\n  - { id: loud, use: demo.shout }\n");
    form.set("input", "hello");
    const sent = await fetch(`${url}/v1/run`, { method: "POST", body: form, headers: { prefer: "respond-async" } });
    const { id } = (await sent.json()) as DescribedJob;
    const { result } = await jobIn(url, id, "succeeded");
    expect(await (await fetch(url + result)).text()).toBe("HELLO");
  });

  test("is refused at once when it makes no sense", async () => {
    const { url } = await start();
    const responses = [
      await postJob(url, "nonsense", "hello"),
      await postJob(url, "pair", new FormData()),
      await postJob(url, "shout", "hello", { accept: "image/png" }),
    ];
    expect(responses.map(({ status }) => status)).toEqual([404, 400, 406]);
    expect(await listed(url)).toEqual([]);
  });

  test("gets the form that Accept names, of the request or of the one for the result", async () => {
    const { url } = await start();
    const { id } = await acceptedJob(url, "shout", "hello", { accept: "text/markdown" });
    await jobIn(url, id, "succeeded");
    const as = (accept?: string) =>
      fetch(`${url}/v1/jobs/${id}/result`, accept === undefined ? {} : { headers: { accept } });
    expect((await as()).headers.get("content-type")).toBe("text/markdown; charset=utf-8");
    expect((await as("text/plain")).headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const envelope = (await (await as("application/vnd.stargate+json")).json()) as { receipt: { id: string } };
    expect(envelope).toMatchObject({ output: { text: "HELLO" }, receipt: { pipeline: "shout" } });
    expect((await as("image/png")).status).toBe(406);
  });

  test("has large and several inputs kept in files, which are gone when it has ended", async () => {
    const { url, directory } = await start({ limits: { memoryBodyBytes: 1000 } });
    const form = new FormData();
    form.set("first", new Blob(["a".repeat(50_000)], { type: "text/plain" }), "first.txt");
    form.set("second", "b".repeat(500));
    const { id } = await acceptedJob(url, "pair", form);
    const { result } = await jobIn(url, id, "succeeded");
    expect(await (await fetch(url + result)).text()).toBe(`${"a".repeat(50_000)} ${"b".repeat(500)}`);
    expect((await readdir(join(directory, ".stargate", "jobs", "files", id))).toSorted()).toEqual(["answer", "value"]);
  });
});

describe("a job", () => {
  test("says how far it has come, and has no result before its end", async () => {
    const { url, brake } = await start();
    const { id } = await acceptedJob(url, "wait", "held");
    await brake.reached;
    const early = await fetch(`${url}/v1/jobs/${id}/result`);
    expect([early.status, early.headers.get("retry-after"), await codeOf(early)]).toEqual([
      409,
      "1",
      "SG_JOB_UNFINISHED",
    ]);
    expect(await jobIn(url, id, "running")).toMatchObject({
      attempts: 1,
      partialResults: 1,
      progress: { step: "step", measure: "character", done: 1, of: 4 },
    });
    brake.release();
    expect(await jobIn(url, id, "succeeded")).toMatchObject({ partialResults: 1, progress: { done: 1 } });
  });

  test("that fails gives the problem that the request would have got, and inside stays inside", async () => {
    const { url } = await start();
    const { id } = await acceptedJob(url, "secretive", "hello");
    const { problem } = await jobIn(url, id, "failed");
    const [result, direct] = [
      await fetch(`${url}/v1/jobs/${id}/result`),
      await postJob(url, "secretive", "hello", { prefer: "" }),
    ];
    expect(result.status).toBe(direct.status);
    expect(result.headers.get("content-type")).toBe("application/problem+json");
    const body = (await result.json()) as Record<string, unknown>;
    expect(body).toEqual({ ...((await direct.json()) as object), requestId: body["requestId"] });
    expect(problem).toEqual(body);
    expect(JSON.stringify(body)).not.toContain("hunter2");
  });

  test.for(["wait", "shout"])("%s that is cancelled runs no more and has no result", async (pipeline) => {
    const { url, brake } = await start({ jobs: { maxRunning: 1 } });
    const first = await acceptedJob(url, "wait", "held");
    await brake.reached;
    const { id } = pipeline === "wait" ? first : await acceptedJob(url, pipeline, "hello");
    const response = await fetch(`${url}/v1/jobs/${id}`, { method: "DELETE" });
    expect([response.status, ((await response.json()) as DescribedJob).state]).toEqual([200, "cancelled"]);
    const result = await fetch(`${url}/v1/jobs/${id}/result`);
    expect([result.status, await codeOf(result)]).toEqual([409, "SG_JOB_CANCELLED"]);
    const again = await fetch(`${url}/v1/jobs/${id}`, { method: "DELETE" });
    expect(again.status).toBe(200);
    if (id === first.id) await brake.aborted;
    else brake.release();
    await expect.poll(async () => (await showJob(url, first.id)).state).not.toBe("running");
    expect((await showJob(url, id)).state).toBe("cancelled");
  });

  test("that has ended stays as it is when it is cancelled", async () => {
    const { url } = await start();
    const { id } = await acceptedJob(url, "shout", "hello");
    const { result } = await jobIn(url, id, "succeeded");
    const response = await fetch(`${url}/v1/jobs/${id}`, { method: "DELETE" });
    expect(((await response.json()) as DescribedJob).state).toBe("succeeded");
    expect(await (await fetch(url + result)).text()).toBe("HELLO");
  });

  test("is nothing to other tenants", async () => {
    const { url, gateway } = await start();
    let tenant = "a";
    Object.assign(gateway, { access: { required: false, admit: () => tenant } });
    const { id } = await acceptedJob(url, "shout", "hello");
    const { receipt } = await jobIn(url, id, "succeeded");
    tenant = "b";
    const paths = [`jobs/${id}`, `jobs/${id}/result`, `receipts/${receipt}`, `jobs?before=${id}`];
    const responses = await Promise.all(paths.map((path) => fetch(`${url}/v1/${path}`)));
    expect(responses.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect((await fetch(`${url}/v1/jobs/${id}`, { method: "DELETE" })).status).toBe(404);
    expect(await listed(url)).toEqual([]);
  });
});

describe("the list of jobs", () => {
  test("has the newest first, by state, and in pages", async () => {
    const { url } = await start();
    const ids: string[] = [];
    for (const pipeline of ["shout", "secretive", "count"]) ids.unshift((await acceptedJob(url, pipeline, "x")).id);
    await expect.poll(async () => (await listed(url, "?state=succeeded")).length).toBe(2);
    expect(await listed(url)).toEqual(ids);
    expect(await listed(url, "?limit=1")).toEqual([ids[0]]);
    expect(await listed(url, `?limit=1&before=${ids[0]}`)).toEqual([ids[1]]);
    expect(await listed(url, "?state=failed")).toEqual([ids[1]]);
    for (const query of ["?limit=0", "?limit=x", "?state=done"])
      expect((await fetch(`${url}/v1/jobs${query}`)).status).toBe(400);
  });

  test("is empty where there have never been jobs, and nothing is written", async () => {
    const { url, directory } = await start();
    expect(await listed(url)).toEqual([]);
    expect(await readdir(directory)).not.toContain(".stargate");
  });
});

describe("jobs that wait", () => {
  test("are only as many as may, and are refused with Retry-After beyond that", async () => {
    const { url, brake } = await start({ jobs: { maxRunning: 1, maxQueued: 2, maxQueuedPerTenant: 1 } });
    await acceptedJob(url, "wait", "held");
    await brake.reached;
    await acceptedJob(url, "shout", "x");
    const refused = await postJob(url, "shout", "y");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await refused.json()).toMatchObject({
      code: "SG_JOB_QUEUE_FULL",
      details: { limit: "jobs.maxQueuedPerTenant" },
    });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('stargate_jobs{state="queued"} 1');
    brake.release();
  });

  test("are begun in turn, one tenant after the other", async () => {
    const { url, gateway, brake } = await start({ jobs: { maxRunning: 2 } });
    let tenant = "many";
    Object.assign(gateway, { access: { required: false, admit: () => tenant } });
    const many: string[] = [];
    for (let index = 0; index < 4; index++) many.push((await acceptedJob(url, "wait", "held")).id);
    tenant = "one";
    const { id } = await acceptedJob(url, "wait", "held");
    await brake.reached;
    tenant = "many";
    await fetch(`${url}/v1/jobs/${many[1]}`, { method: "DELETE" });
    tenant = "one";
    await jobIn(url, id, "running");
    tenant = "many";
    expect((await showJob(url, many[2] ?? "")).state).toBe("queued");
    brake.release();
  });

  test("have only so much room on the disk; results give way", async () => {
    const { url } = await start({ jobs: { maxDiskBytes: 40_000 } });
    const first = await acceptedJob(url, "shout", "a".repeat(10_000));
    await jobIn(url, first.id, "succeeded");
    const second = await acceptedJob(url, "shout", "b".repeat(12_000));
    await jobIn(url, second.id, "succeeded");
    const resultOfFirst = () => fetch(`${url}/v1/jobs/${first.id}/result`);
    await expect.poll(async () => (await resultOfFirst()).status).toBe(410);
    const gone = await resultOfFirst();
    expect([gone.status, await codeOf(gone)]).toEqual([410, "SG_JOB_RESULT_GONE"]);
    expect((await fetch(`${url}/v1/jobs/${second.id}/result`)).status).toBe(200);
    const refused = await postJob(url, "shout", "c".repeat(50_000));
    expect([refused.status, await codeOf(refused)]).toEqual([503, "SG_JOB_DISK_FULL"]);
  });

  test("and a result that is too large makes the job fail", async () => {
    const { url } = await start({ jobs: { maxResultBytes: 100 } });
    const { id } = await acceptedJob(url, "shout", "a".repeat(101));
    expect((await jobIn(url, id, "failed")).problem?.code).toBe("SG_JOB_RESULT_TOO_LARGE");
  });

  test("are forgotten a while after they have ended", async () => {
    const { url, directory } = await start({ jobs: { keepSeconds: 0.05 } });
    const { id } = await acceptedJob(url, "shout", "hello");
    await expect.poll(async () => (await fetch(`${url}/v1/jobs/${id}`)).status, { timeout: 5000 }).toBe(404);
    expect(await readdir(join(directory, ".stargate", "jobs", "files"))).toEqual([]);
  });
});

describe("with an Idempotency-Key", () => {
  test("a repeated request gets the job of the first, also when its answer was lost", async () => {
    const { url, directory } = await start();
    const key = { "idempotency-key": `"${randomUUID()}"` };
    const first = await acceptedJob(url, "shout", "hello", key);
    const again = await postJob(url, "shout", "hello", key);
    expect([again.status, again.headers.get("idempotency-replayed"), again.headers.get("location")]).toEqual([
      202,
      "true",
      `/v1/jobs/${first.id}`,
    ]);
    // As after a crash between the two: the job is there, the kept answer is not.
    const { rm } = await import("node:fs/promises");
    await rm(join(directory, ".stargate", "answers"), { recursive: true });
    expect((await acceptedJob(url, "shout", "hello", key)).id).toBe(first.id);
    await rm(join(directory, ".stargate", "answers"), { recursive: true });
    const other = await postJob(url, "shout", "something else", key);
    expect([other.status, await codeOf(other)]).toEqual([422, "SG_IDEMPOTENCY_REUSED"]);
    expect(await listed(url)).toEqual([first.id]);
  });
});

describe("a gateway that is stopped and started again", () => {
  test("keeps results, begins jobs again that were running, and works on those that waited", async () => {
    const first = await start({ jobs: { maxRunning: 1 }, server: { graceMs: 0 } });
    const { config } = first.gateway;
    const ended = await acceptedJob(first.url, "shout", "hello");
    const { receipt } = await jobIn(first.url, ended.id, "succeeded");
    const held = await acceptedJob(first.url, "wait", "held");
    await first.brake.reached;
    const waiting = await acceptedJob(first.url, "shout", "waited");
    await first.server.stop();
    await first.brake.aborted;

    const { adapter, brake } = demoAdapter();
    const options = { config: { ...config, log: { level: "silent" as const } }, directory: first.directory };
    const second = await openGateway(options, { adapters: [adapter] });
    open.unshift(second); // closed before the folder goes
    const { url, stop } = await startServer(second);
    await brake.reached;
    expect(await showJob(url, held.id)).toMatchObject({ state: "running", attempts: 1 });
    expect(await (await fetch(`${url}/v1/jobs/${ended.id}/result`)).text()).toBe("HELLO");
    expect(await (await fetch(`${url}/v1/receipts/${receipt}`)).json()).toMatchObject({ id: receipt });
    brake.release();
    for (const { id } of [held, waiting]) await jobIn(url, id, "succeeded");
    expect(await (await fetch(`${url}/v1/jobs/${waiting.id}/result`)).text()).toBe("WAITED");
    await stop();
  });

  test("takes jobs over from another process only when that has ended", async () => {
    const first = await start();
    const { id } = await acceptedJob(first.url, "shout", "hello");
    await jobIn(first.url, id, "succeeded");
    const options = { config: first.gateway.config, directory: first.directory };
    const second = await openGateway(options, { adapters: [demoAdapter().adapter] });
    open.unshift(second);
    const { url, stop } = await startServer(second);
    const refused = await postJob(url, "shout", "hello");
    expect([refused.status, await codeOf(refused)]).toEqual([503, "SG_JOB_ELSEWHERE"]);
    expect((await fetch(`${url}/v1/jobs/${id}`)).status).toBe(503);
    await first.server.stop();
    expect((await showJob(url, id)).state).toBe("succeeded");
    await stop();
  });
});
