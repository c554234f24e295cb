import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import type { FaultControl } from "../../../../test/support/faults/fault-control.ts";
import { range, startFaultGateway, tally, type FaultGateway, type FaultGatewayOptions } from "./fault-gateway.ts";

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});
async function start<Pool extends string>(options: FaultGatewayOptions<Pool>): Promise<FaultGateway<Pool>> {
  const gateway = await startFaultGateway(options);
  open.push(gateway);
  return gateway;
}

/** Of what a test waits for; far more than it takes. */
const patience = { timeout: 20_000 };
const HOUR_MS = 3_600_000;
const hasRun = (pool: FaultControl, id: number): boolean => pool.runs().some(({ ids }) => ids.includes(id));

test("too much at once is refused with 503 and Retry-After, the sheddable first, and nothing is left behind", async () => {
  const { ask, control } = await start({ pools: { one: 1 }, model: { deviceMs: 20, batching: "none" } });
  for (const id of range(15)) await ask(id);
  const classes = ["sheddable", "normal", "critical"] as const;
  const told = await Promise.all(
    range(240, 100).map(async (id) => {
      const criticality = classes[id % 3] ?? "normal";
      const headers = { "stargate-criticality": criticality, "stargate-deadline-ms": "1500" };
      return { criticality, ...(await ask(id, headers)) };
    }),
  );
  const answered = (wanted: string) =>
    told.filter(({ criticality, status }) => criticality === wanted && status === 200).length;
  const refused = told.filter(({ code }) => code === "SG_COMPUTE_OVERLOADED");
  expect(
    Object.keys(tally(told)).filter((key) => !["200", "SG_COMPUTE_OVERLOADED", "SG_RUN_DEADLINE"].includes(key)),
  ).toEqual([]);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.filter(({ retryAfter }) => !(Number(retryAfter) >= 1))).toEqual([]);
  expect(answered("critical")).toBeGreaterThan(answered("sheddable"));
  // What was refused never reached the model, and what did ran once.
  const ran = control.one.runs().flatMap(({ ids }) => ids.filter((id) => id >= 100));
  expect(new Set(ran).size).toBe(ran.length);
  expect(ran.length).toBeLessThanOrEqual(240 - refused.length);
  expect(tally(await Promise.all(range(5, 1000).map((id) => ask(id))))).toEqual({ 200: 5 });
});

test("clients that try again at once do not multiply the work while every pool fails", async () => {
  const { ask, askUntil, control } = await start({ pools: { one: 1, two: 1 } });
  await Promise.all([ask(1, { "stargate-pool": "one" }), ask(2, { "stargate-pool": "two" })]);
  for (const pool of [control.one, control.two]) pool.set({ fails: true });
  const stubborn = async (id: number) => {
    for (let attempt = 0; attempt < 4; attempt++) if ((await ask(id)).status === 200) return true;
    return false;
  };
  const answers = await Promise.all(range(100, 100).map(stubborn));
  expect(answers).not.toContain(true);
  const executed = [control.one, control.two].flatMap((pool) => pool.runs().flatMap(({ ids }) => ids));
  // 400 requests and their retries; how many get through before the breakers open depends on timing, which the bench measures.
  expect(executed.filter((id) => id >= 100 && id < 200).length).toBeLessThanOrEqual(100 * 2);
  for (const pool of [control.one, control.two]) pool.set({});
  const later = await Promise.all(range(20, 300).map((id) => askUntil(id, ({ status }) => status === 200)));
  expect(tally(later)).toEqual({ 200: 20 });
});

test("a client that goes away takes the steps that have not begun with it, and its pool is not blamed", async () => {
  const { ask, gateway, control } = await start({ pools: { one: 1 }, model: { deviceMs: 300 } });
  await ask(1);
  for (const id of range(6, 10)) {
    const client = new AbortController();
    const asked = gateway.fetch("/v1/pipelines/ask-twice", {
      method: "POST",
      body: String(id),
      headers: { "content-type": "text/plain" },
      signal: client.signal,
    });
    await expect.poll(() => hasRun(control.one, id), patience).toBe(true);
    client.abort();
    await expect(asked).rejects.toThrow("aborted");
    await expect.poll(() => gateway.gateway.lifecycle.inFlight, patience).toBe(0);
  }
  expect((await ask(99)).status).toBe(200);
  const ran = control.one.runs().flatMap(({ ids }) => ids);
  expect(ran.filter((id) => id % 1 === 0.5)).toEqual([]); // what the second step asks for
});

test("requests that models work on are finished before the gateway goes", async () => {
  const { ask, gateway, control } = await start({ pools: { one: 1 }, model: { deviceMs: 200, batching: "none" } });
  await ask(1);
  const asked = range(5, 10).map((id) => ask(id));
  await expect.poll(() => gateway.gateway.lifecycle.inFlight, patience).toBe(5);
  expect(await gateway.server.stop()).toBe(true);
  expect(tally(await Promise.all(asked))).toEqual({ 200: 5 });
  expect(control.one.hostsEver()).toHaveLength(1);
});

test.for([1, -1])("a clock that jumps by %i h moves no deadline, pause or lease", async (hours) => {
  const { ask, askUntil, control } = await start({ pools: { one: 1, two: 1 }, model: { deviceMs: 100 } });
  const pinned = { "stargate-pool": "one" };
  await Promise.all([ask(1, pinned), ask(2, { "stargate-pool": "two" })]);
  const now = Date.now;
  let shiftMs = 0;
  const clock = vi.spyOn(Date, "now").mockImplementation(() => now() + shiftMs);
  onTestFinished(() => clock.mockRestore());
  const inTime = { "stargate-deadline-ms": "10000" };
  const underWay = ask(3, inTime);
  await expect.poll(() => [control.one, control.two].some((pool) => hasRun(pool, 3)), patience).toBe(true);
  shiftMs = hours * HOUR_MS;
  expect((await underWay).status).toBe(200);
  expect((await ask(4, inTime)).status).toBe(200);
  expect((await ask(5, { "stargate-deadline-ms": "1" })).code).toBe("SG_RUN_DEADLINE");
  // A pause that began before a jump does not last an hour longer.
  control.one.set({ fails: true });
  for (const id of range(6, 20)) await ask(id, pinned);
  shiftMs = -hours * HOUR_MS;
  control.one.set({});
  expect((await askUntil(40, ({ status }) => status === 200, pinned)).status).toBe(200);
  expect(control.one.hostsEver()).toHaveLength(1);
});
