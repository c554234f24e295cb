import { request } from "node:http";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addKey } from "../src/auth/key-store.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

describe("a gateway with keys", () => {
  let gateway: TestGateway;
  let folder: string;
  const keys: Record<"first" | "second" | "expired", string> = { first: "", second: "", expired: "" };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "stargate-keys-"));
    const files = { keysFile: join(folder, "keys.json"), pepperFile: join(folder, "pepper") };
    const now = new Date();
    keys.first = addKey(files, { tenant: "first", now }).key;
    keys.second = addKey(files, { tenant: "second", now }).key;
    keys.expired = addKey(files, { tenant: "first", now, expiresAt: new Date(now.getTime() - 1000) }).key;
    gateway = await startTestGateway({ auth: files });
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const as = (key: string) => ({ authorization: `Bearer ${key}` });

  const guarded = [
    ["POST", "/v1/convert?to=text"],
    ["GET", "/v1/pipelines"],
    ["GET", "/v1/pipelines/shout"],
    ["POST", "/v1/pipelines/shout"],
    ["POST", "/v1/run"],
    ["GET", "/v1/modalities"],
    ["GET", "/v1/transforms"],
    ["GET", "/v1/plan?from=text&to=json"],
    ["GET", "/v1/receipts/x"],
    ["GET", "/metrics"],
    ["GET", "/openapi.json"],
  ] as const;

  test.each(guarded)("%s %s asks for one", async (method, path) => {
    const response = await gateway.fetch(path, { method });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="stargate"');
    expect(await response.json()).toMatchObject({ code: "SG_AUTH_REQUIRED" });
  });

  test.each(["/healthz", "/readyz", "/docs", "/docs/docs.js"])("%s does not", async (path) => {
    expect((await gateway.fetch(path)).status).toBe(200);
  });

  test("refuses malformed, unknown, altered and expired keys alike", async () => {
    const altered = keys.first.slice(0, -1) + (keys.first.endsWith("A") ? "B" : "A");
    for (const key of ["nonsense", `sg_${"0".repeat(12)}_${"A".repeat(43)}`, altered, keys.expired]) {
      const response = await gateway.fetch("/v1/pipelines", { headers: as(key) });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: "SG_AUTH_INVALID" });
    }
  });

  test("a tenant sees its own receipts; another's look as if they did not exist", async () => {
    const run = await gateway.fetch("/v1/pipelines/shout", {
      method: "POST",
      body: "mine",
      headers: { ...as(keys.first), "content-type": "text/plain" },
    });
    const path = `/v1/receipts/${run.headers.get("stargate-receipt") ?? ""}`;
    const own = await gateway.fetch(path, { headers: as(keys.first) });
    const foreign = await gateway.fetch(path, { headers: as(keys.second) });
    const unknown = await gateway.fetch("/v1/receipts/00000000000000000000000000000000", { headers: as(keys.second) });
    expect(await own.json()).toMatchObject({ tenant: "first", pipeline: "shout" });
    expect(foreign.status).toBe(404);
    expect(unknown.status).toBe(404);
  });

  test("the description names the scheme", async () => {
    const response = await gateway.fetch("/openapi.json", { headers: as(keys.first) });
    expect(await response.json()).toMatchObject({
      security: [{ apiKey: [] }],
      components: { securitySchemes: { apiKey: { scheme: "bearer" } } },
    });
  });

  test("no key is in the log", () => {
    const log = JSON.stringify(gateway.log);
    for (const key of Object.values(keys)) expect(log).not.toContain(key.slice(-43));
  });
});

describe("a gateway without keys", () => {
  test("refuses to be reachable by others", async () => {
    await expect(startTestGateway({ server: { host: "0.0.0.0" } })).rejects.toMatchObject({
      code: "SG_CONFIG_EXPOSED",
      hint: expect.stringContaining("stargate keys create") as string,
    });
    await expect(startTestGateway({ auth: { required: true } })).rejects.toMatchObject({ code: "SG_CONFIG_EXPOSED" });
    await expect(startTestGateway({ server: { host: "0.0.0.0" }, auth: { required: false } })).rejects.toMatchObject({
      code: "SG_CONFIG_EXPOSED",
    });
  });

  test("does not answer pages of other sites, nor names that only resolve to this machine", async () => {
    await using gateway = await startTestGateway();
    const get = async (headers: Record<string, string>) => {
      const sending = request(`${gateway.url}/v1/modalities`, { headers });
      sending.end();
      const [response] = (await once(sending, "response")) as [{ statusCode: number; resume(): void }];
      response.resume();
      return response.statusCode;
    };
    expect(await get({ "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await get({ host: "attacker.example" })).toBe(403);
    expect(await get({ host: "localhost:1234" })).toBe(200);
    expect(await get({ "sec-fetch-site": "same-origin" })).toBe(200);
  });
});
