import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startNode, type Child } from "./child-process.ts";
import { startLoadClient, type LoadClient, type Target } from "./load.ts";
import { peakResidentMib, processorSeconds, residentMib } from "./process-memory.ts";

let echo: Child;
let client: LoadClient;
let target: Target;
beforeAll(async () => {
  echo = await startNode(new URL("../gateway/processes/echo-server.ts", import.meta.url).pathname);
  client = await startLoadClient();
  target = {
    name: "echo",
    port: Number(echo.ready["port"]),
    method: "POST",
    path: "/echo",
    headers: { "content-type": "text/plain" },
    body: "hello",
  };
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await echo[Symbol.asyncDispose]();
});

describe("the load client", () => {
  it("counts every answer and keeps one", async () => {
    const report = await client.burst(target, { clients: 4, seconds: 60, maxRequests: 100 });
    // Each connection may have had one more under way when the last was counted.
    expect(report.requests).toBeGreaterThanOrEqual(100);
    expect(report.requests).toBeLessThanOrEqual(104);
    expect(report.statuses).toEqual({ "200": report.requests });
    expect(report.example).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nhello$/);
    expect(report.p99Ms).toBeGreaterThanOrEqual(report.p50Ms);
  });

  it("takes an answer that is not 200 for a broken bench", async () => {
    await expect(
      client.burst({ ...target, path: "/nothing" }, { clients: 1, seconds: 60, maxRequests: 1 }),
    ).rejects.toThrow(/echo answered {"404":1}/);
  });
});

describe("memory and processor time of a process", () => {
  it("are read where Linux keeps them", (context) => {
    context.skip(process.platform !== "linux", "only Linux has /proc");
    expect(residentMib(process.pid)).toBeCloseTo(process.memoryUsage.rss() / 2 ** 20, -2);
    expect(peakResidentMib(process.pid)).toBeGreaterThanOrEqual(residentMib(process.pid) * 0.99);
    const { user, system } = process.cpuUsage();
    expect(processorSeconds(process.pid)).toBeCloseTo((user + system) / 1e6, 0);
  });
});
