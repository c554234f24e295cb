import { afterEach, describe, expect, test, vi } from "vitest";
import { type FaultControl, type HostRun, greedyId, poisonId } from "../../../../test/support/faults/fault-control.ts";
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
const pinned = (pool: string) => ({ "stargate-pool": pool });
const runsOf = (runs: readonly { readonly ids: readonly number[] }[], id: number): number =>
  runs.filter(({ ids }) => ids.includes(id)).length;

/** The run that began last, when it is not among the first so many, nothing in it was run before, and its host is alive. */
function newestFirstRun(pool: FaultControl, after: number): HostRun | undefined {
  const runs = pool.runs();
  const newest = runs.toSorted((a, b) => b.atMs - a.atMs)[0];
  const isFirst = newest?.ids.every((id) => runsOf(runs, id) === 1) === true;
  return isFirst && runs.length > after && pool.hosts().includes(newest.processId) ? newest : undefined;
}

/** Does its work while every host of a pool is killed as soon as it is seen. */
async function whileDead(pool: FaultControl, work: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => pool.hosts().forEach((host) => process.kill(host, "SIGKILL")), 5);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

test("a model host that is killed while it computes costs no answer, and no call runs more than twice", async () => {
  const { ask, control } = await start({ pools: { one: 2 }, model: { deviceMs: 40, batching: "none" } });
  await ask(1);
  const answers: Promise<Awaited<ReturnType<typeof ask>>>[] = [];
  for (let kill = 0; kill < 3; kill++) {
    const before = control.one.runs().length;
    answers.push(...range(8, 100 + kill * 8).map((id) => ask(id)));
    // One that is run for the first time: whoever loses two hosts may be run a third time.
    const firstRun = await vi.waitUntil(() => newestFirstRun(control.one, before), { ...patience, interval: 5 });
    process.kill(firstRun.processId, "SIGKILL");
  }
  expect(tally(await Promise.all(answers))).toEqual({ 200: 24 });
  expect(range(24, 100).map((id) => runsOf(control.one.runs(), id) <= 2)).toEqual(range(24).map(() => true));
  await expect.poll(() => control.one.hosts().length, patience).toBeGreaterThan(0);
});

test("a model host that is stopped is replaced, and its call answered by another", async () => {
  const { ask, control } = await start({ pools: { one: 1 }, model: { deviceMs: 200 } });
  await ask(1);
  const [host = 0] = control.one.hosts();
  const asked = ask(2);
  await expect.poll(() => runsOf(control.one.runs(), 2), patience).toBe(1);
  process.kill(host, "SIGSTOP");
  expect((await asked).status).toBe(200);
  expect(control.one.hosts()).not.toContain(host);
});

describe("a dead pool", () => {
  test("hands its work to the next one", async () => {
    const { ask, control } = await start({ pools: { one: 1, two: 1 } });
    await Promise.all([ask(1, pinned("one")), ask(2, pinned("two"))]);
    const [first = 0] = control.one.hosts();
    process.kill(first, "SIGKILL");
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    await whileDead(control.one, async () => {
      for (const id of range(40)) answers.push(await ask(id));
    });
    expect(tally(answers)).toEqual({ 200: 40 });
  });

  test("that is the only one is refused with 503 and a time to come back, and works again when its hosts do", async () => {
    const { ask, askUntil, control } = await start({ pools: { one: 1 } });
    await ask(1);
    await whileDead(control.one, async () => {
      const refused = await askUntil(2, ({ status }) => status !== 200);
      expect(refused.status).toBe(503);
      expect(refused.code).toMatch(/SG_COMPUTE_HOST_LOST|SG_COMPUTE_OVERLOADED/);
      expect(Number(refused.retryAfter)).toBeGreaterThanOrEqual(1);
    });
    expect(await askUntil(3, ({ status }) => status === 200)).toMatchObject({ status: 200 });
  });

  test("that fails every run is left alone, refused when it is asked for by name, and used again when it works", async () => {
    const { ask, askUntil, control } = await start({ pools: { one: 1, two: 1 } });
    await Promise.all([ask(1, pinned("one")), ask(2, pinned("two"))]);
    control.one.set({ fails: true });
    for (const id of range(6, 10)) await ask(id, pinned("one"));
    const refused = (await Promise.all(range(9, 20).map((id) => ask(id, pinned("one"))))).filter(
      ({ code }) => code === "SG_COMPUTE_OVERLOADED",
    );
    // One of them may have come when the pause was over, and have been the one to find out.
    expect(refused.length).toBeGreaterThanOrEqual(8);
    expect(refused.map(({ status, retryAfter }) => [status, retryAfter])).toEqual(refused.map(() => [503, "1"]));
    expect(tally(await Promise.all(range(30, 30).map((id) => ask(id))))).toEqual({ 200: 30 });
    control.one.set({});
    expect(await askUntil(70, ({ status }) => status === 200, pinned("one"))).toMatchObject({ use: { pool: "one" } });
  });
});

test.for(["wrong", "nan"] as const)(
  "a host whose canary is answered with %s numbers is not used, until it computes rightly",
  async (outputs) => {
    const { ask, askUntil, control } = await start({ pools: { one: 1, two: 1 } });
    const [right] = await Promise.all([ask(5, pinned("one")), ask(2, pinned("two"))]);
    control.one.set({ outputs });
    // The next host checks itself after it has loaded the model.
    process.kill(control.one.hosts()[0] ?? 0, "SIGKILL");
    const refused = await askUntil(5, ({ code }) => code === "SG_COMPUTE_WRONG_RESULT", pinned("one"));
    expect(refused).toMatchObject({ status: 503, code: "SG_COMPUTE_WRONG_RESULT" });
    const answers = [];
    for (let times = 0; times < 20; times++) answers.push(await ask(5));
    expect(answers.map(({ y }) => y)).toEqual(answers.map(() => right.y));
    control.one.set({});
    expect((await askUntil(5, ({ status }) => status === 200, pinned("one"))).y).toEqual(right.y);
  },
);

test("a batch that does not fit into memory is halved, and the call that never fits fails alone", async () => {
  const { ask, control } = await start({ pools: { one: 1 }, model: { deviceMs: 30 } });
  await ask(1);
  control.one.set({ maxItems: 8 });
  const answers = await Promise.all([...range(40, 100), greedyId].map((id) => ask(id)));
  expect(tally(answers)).toEqual({ 200: 40, SG_COMPUTE_MEMORY: 1 });
  // At most 41 items: log2 of the next power of two, and one. Nothing of it ended the host.
  expect(runsOf(control.one.runs(), greedyId)).toBeLessThanOrEqual(2 * 7);
  expect(control.one.hostsEver()).toHaveLength(1);
  await Promise.all(range(40, 200).map((id) => ask(id)));
  const late = control.one.runs().filter(({ ids }) => (ids[0] ?? 0) >= 200 && (ids[0] ?? 0) < 240);
  expect(late.length).toBeGreaterThan(0);
  expect(Math.max(...late.map(({ ids }) => ids.length))).toBeLessThanOrEqual(16);
});

test("an input that ends every host is run three times and never again; the others go on", async () => {
  const { ask, control } = await start({ pools: { one: 2 } });
  await ask(1);
  const poisoned = [];
  const others = [];
  for (let times = 0; times < 6; times++) {
    others.push(...(await Promise.all(range(10, 100 + times * 10).map((id) => ask(id)))));
    poisoned.push(await ask(poisonId));
  }
  expect(tally(others)).toEqual({ 200: 60 });
  expect(runsOf(control.one.runs(), poisonId)).toBe(3);
  expect(poisoned.at(-1)).toMatchObject({ status: 422, code: "SG_COMPUTE_POISONED" });
});
