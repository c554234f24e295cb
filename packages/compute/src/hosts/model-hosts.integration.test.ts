import { describe, expect, test } from "vitest";
import { createMemoryLog, floats, live, load, sourceOf, testFactory } from "../../test/host-kit.ts";
import { openTestHost } from "../../test/open-test-host.ts";

const valuesOf = (outputs: Readonly<Record<string, { readonly data: unknown }>>): unknown => outputs["y"]?.data;
const lost = (reason: string) => ({ code: "SG_COMPUTE_HOST_LOST", retryable: true, details: { reason } });

describe.each(["process", "thread"] as const)("a model host in a %s", (isolation) => {
  test("loads a model, runs it and closes", async () => {
    const host = await openTestHost({ isolation });
    const model = await load(host);
    expect(model).toMatchObject({ device: "cpu", deviceKind: "cpu", signature: { inputs: [{ name: "x" }] } });
    const { outputs, runMs } = await model.run({ x: floats(1, 2) }, { signal: live });
    expect(valuesOf(outputs)).toEqual(Float32Array.of(1, 2));
    expect(runMs).toBeGreaterThan(0);
    await host.close();
    await host.close();
    expect(await host.lost).toMatchObject(lost("closed"));
    await expect(model.run({ x: floats(1) }, { signal: live })).rejects.toMatchObject(lost("closed"));
    await model.unload();
  });

  test("the kind of a device is asked of the backend when its name does not tell", async () => {
    const host = await openTestHost({ isolation });
    expect(await load(host, {}, "odd")).toMatchObject({ device: "odd", deviceKind: "openvino" });
  });

  test("runs keep their order, and models their own answers", async () => {
    const host = await openTestHost({ isolation });
    const [even, odd] = await Promise.all([load(host), load(host)]);
    const runs = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? even : odd).run({ x: floats(index) }, { signal: live }),
    );
    const answers = (await Promise.all(runs)).map(({ outputs }) => outputs);
    expect(answers.map(valuesOf)).toEqual(runs.map((_, index) => Float32Array.of(index)));
    const orders = answers.map(({ order }) => Number(order?.data[0]));
    const ofEven = orders.filter((_, index) => index % 2 === 0);
    expect(ofEven).toEqual(ofEven.toSorted((a, b) => a - b));
  });

  test("errors arrive with code, hint, flags and details", async () => {
    const host = await openTestHost({ isolation });
    const model = await load(host);
    await expect(model.run({}, { signal: live })).rejects.toMatchObject({
      code: "SG_TEST_BROKEN",
      hint: "Give it x.",
      status: 418,
      retryable: true,
      public: true,
      details: { id: "m" },
    });
    const broken = await load(host, { run: "throw" });
    await expect(broken.run({ x: floats(1) }, { signal: live })).rejects.toMatchObject({
      code: "SG_RUN_FAILED",
      message: 'Model "m" failed: out of bounds',
    });
  });

  test("who gives up is rejected at once while the host computes on, and the next run waits for its end", async () => {
    const host = await openTestHost({ isolation });
    const [slow, quick] = await Promise.all([load(host, { run: "compute", ms: 400 }), load(host)]);
    const abort = new AbortController();
    const given = slow.run({ x: floats(1) }, { signal: abort.signal });
    const after = quick.run({ x: floats(2) }, { signal: live });
    let isAfterDone = false;
    void after.then(() => (isAfterDone = true));
    abort.abort();
    await expect(given).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    expect(isAfterDone).toBe(false);
    expect((await after).outputs["order"]?.data[0]).toBe(2);
  });

  test("a signal reaches the model, which may stop", async () => {
    const host = await openTestHost({ isolation });
    const model = await load(host, { run: "wait" });
    const abort = new AbortController();
    const given = model.run({ x: floats(1) }, { signal: abort.signal });
    abort.abort();
    await expect(given).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    await model.unload(); // would wait a minute for a run that goes on
  });

  test("closing lets runs end and takes no new ones", async () => {
    const host = await openTestHost({ isolation });
    const model = await load(host, { run: "compute", ms: 200 });
    const running = model.run({ x: floats(3) }, { signal: live });
    const closed = host.close();
    await expect(load(host)).rejects.toMatchObject(lost("closed"));
    expect(valuesOf((await running).outputs)).toEqual(Float32Array.of(3));
    await closed;
    expect(await host.lost).toMatchObject(lost("closed"));
  });

  test("closing by force rejects runs at once", async () => {
    const host = await openTestHost({ isolation });
    const model = await load(host, { run: "compute", ms: 300 });
    const running = model.run({ x: floats(3) }, { signal: live });
    const [outcome] = await Promise.allSettled([running, host.close({ force: true })]);
    expect(outcome).toMatchObject({ status: "rejected", reason: lost("closed") });
  });

  test("a load that nobody waits for any more is given up", async () => {
    const host = await openTestHost({ isolation });
    const abort = new AbortController();
    const loading = host.load(sourceOf({ load: "wait" }), { device: "cpu", signal: abort.signal });
    abort.abort();
    await expect(loading).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    expect(await load(host)).toBeDefined();
  });

  test("an unloaded model takes no runs", async () => {
    const host = await openTestHost({ isolation });
    const model = await load(host);
    await Promise.all([model.unload(), model.unload()]);
    await expect(model.run({ x: floats(1) }, { signal: live })).rejects.toMatchObject({ code: "SG_COMPUTE_CLOSED" });
  });

  test("a file that is gone is named", async () => {
    const host = await openTestHost({ isolation });
    const source = { ...sourceOf(), paths: { "m.bin": "/nowhere/m.bin" } };
    await expect(host.load(source, { device: "cpu", signal: live })).rejects.toMatchObject({
      code: "SG_COMPUTE_MODEL",
      message: 'File "m.bin" of model "m" cannot be opened',
    });
  });

  test.for([
    [{ ...testFactory(), module: new URL("nowhere.ts", import.meta.url).href }, /cannot be loaded: Cannot find module/],
    [testFactory({}, "missing"), /exports no function "missing"/],
    [testFactory({}, "notAFunction"), /exports no function "notAFunction"/],
    [testFactory({}, "notABackend"), /returned no compute backend/],
    [testFactory({ start: "throw" }), /failed: no licence/],
  ] as const)("a backend that cannot be made says why (%#)", async ([factory, message]) => {
    await expect(openTestHost({ isolation, factory })).rejects.toMatchObject({
      code: "SG_HOST_BACKEND",
      retryable: false,
      message: expect.stringMatching(message),
    });
  });

  test("opening ends in time, and when nobody waits for it", async () => {
    const factory = testFactory({ start: "never" });
    await expect(openTestHost({ isolation, factory, startTimeoutMs: 1000 })).rejects.toMatchObject(lost("hung"));
    const abort = new AbortController();
    const opening = openTestHost({ isolation, factory, signal: abort.signal });
    abort.abort();
    await expect(opening).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
  });

  test("what a host prints reaches the log, and a flood does not stop it", async () => {
    const log = createMemoryLog();
    const host = await openTestHost({ isolation, log });
    const model = await load(host, { run: "flood" });
    await model.run({ x: floats(1) }, { signal: live });
    await host.close();
    const [first] = log.lines;
    expect(first).toMatchObject({ message: "A model host says", fields: { host: host.id, stream: "stdout" } });
    expect(log.lines.length).toBeLessThanOrEqual(51);
  });

  test("large tensors and every kind of value cross", async () => {
    const host = await openTestHost({ isolation });
    const model = await load(host);
    const x = { dtype: "float32", shape: [16, 2 ** 20], data: new Float32Array(2 ** 24).fill(1.5) } as const;
    const others = {
      int64: { dtype: "int64", shape: [2], data: BigInt64Array.of(-1n, 2n ** 62n) },
      float16: { dtype: "float16", shape: [1], data: Uint16Array.of(0x3c00) },
      bool: { dtype: "bool", shape: [1, 2], data: Uint8Array.of(1, 0) },
      string: { dtype: "string", shape: [3], data: ["", "gr\u00fcn", "\ufeff\u{1f600}"] },
      empty: { dtype: "uint64", shape: [0, 3], data: new BigUint64Array() },
    } as const;
    const { outputs } = await model.run({ x, ...structuredClone(others) }, { signal: live });
    const { y, order: _order, ...rest } = outputs;
    expect(rest).toEqual(others);
    expect([y?.shape, y?.data.length, y?.data[2 ** 24 - 1]]).toEqual([[16, 2 ** 20], 2 ** 24, 1.5]);
    expect(x.data.length).toBe(host.keepsInputs ? 2 ** 24 : 0);
  });
});
