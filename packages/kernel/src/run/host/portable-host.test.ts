import { describe, expect, it } from "vitest";
import { defineTask } from "../../define/define-task.ts";
import { createPayload, knownDigest } from "../create-payload.ts";
import { createPortableHost } from "./portable-host.ts";
import { stack } from "../../testing/run-kit.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { toJson } from "../checkpoint/to-json.ts";

const scope = { runId: "1", tenant: "default", signal: new AbortController().signal };

describe("the portable host", () => {
  const host = createPortableHost({ scratchBytes: 10 });

  it("makes ids of 128 random bits", () => {
    expect(host.randomId()).toMatch(/^[0-9a-f]{32}$/);
    expect(host.randomId()).not.toBe(host.randomId());
  });

  it("runs tasks inline, from their module", async () => {
    const copy = defineTask<object, object>({
      base: import.meta.url,
      module: "../checkpoint/to-json",
      export: "toJson",
    });
    expect(await host.offload(copy, { page: 3 })).toEqual({ page: 3 });
    const none = defineTask({ base: import.meta.url, module: "../checkpoint/to-json", export: "nothing" });
    await expect(host.offload(none, 1)).rejects.toMatchObject({ code: "SG_OFFLOAD_FAILED" });
  });

  it("reaches no network and runs no models", async () => {
    await expect(host.fetch("https://example.org/secret?key=1")).rejects.toMatchObject({ code: "SG_FETCH_DENIED" });
    await expect(host.compute.assets("clip", { signal: new AbortController().signal })).rejects.toMatchObject({
      code: "SG_COMPUTE_UNAVAILABLE",
    });
    expect(host.secret("default", "token")).toBeUndefined();
  });

  it("keeps scratch within its quota", async () => {
    const { scratch, close } = host.openScratch(scope);
    expect(await (await scratch.put(new Blob(["12345"]))).text()).toBe("12345");
    async function* bytes() {
      yield new Uint8Array([65, 66]);
      yield new Uint8Array([67]);
    }
    const stored = await scratch.put(bytes(), "text/plain");
    expect([await stored.text(), stored.type]).toEqual(["ABC", "text/plain"]);
    await expect(scratch.put(new Blob(["123"]))).rejects.toMatchObject({ code: "SG_SCRATCH_FULL" });
    await close();
  });

  it("can be overridden piece by piece", () => {
    const clock = createFakeClock();
    expect(createPortableHost({ clock }).clock).toBe(clock);
  });
});

describe("a payload", () => {
  it("describes and hashes its value on first use, and once", async () => {
    let described = 0;
    const counted = { ...stack, describe: () => ({ times: ++described }) };
    const payload = createPayload(counted, { pages: 1, label: "" }, { name: "stack.pdf" });
    expect(described).toBe(0);
    expect([payload.descriptor, payload.descriptor]).toEqual([{ times: 1 }, { times: 1 }]);
    expect(knownDigest(payload)).toBeUndefined();
    const digest = await payload.digest();
    expect(knownDigest(payload)).toBe(digest);
    expect(payload).toMatchObject({ modality: "stack", name: "stack.pdf", lineage: [] });
  });

  it("of bytes has the digest of the bytes, computed by the host where it can", async () => {
    const blob = new Blob(["abc"]);
    expect(await createPayload(stack, blob).digest()).toBe(
      "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(await createPayload(stack, blob, { digestBlob: async () => "sha256:fast" }).digest()).toBe("sha256:fast");
  });
});

describe("JSON copies", () => {
  it("are equal for plain data, and leave undefined members out", () => {
    const value = { a: [1, "two", null, true], b: { c: undefined, d: -0 } };
    expect(toJson(value, () => "it")).toEqual({ a: [1, "two", null, true], b: { d: 0 } });
  });

  it.each([
    ["a Blob", { image: new Blob([]) }, ".image is Blob"],
    ["a typed array", [new Uint8Array(1)], "[0] is Uint8Array"],
    ["a number that is none", { a: { b: NaN } }, ".a.b is NaN"],
    ["a function", () => 1, "it is function"],
  ])("refuse %s, naming the place", (_what, value, message) => {
    expect(() => toJson(value, () => "thing")).toThrow(`Cannot store the thing: ${message}, which JSON cannot carry`);
  });
});

describe("the fake clock", () => {
  it("calls timers back in order of their time, and lets promises settle in between", async () => {
    const clock = createFakeClock();
    const log: string[] = [];
    clock.timer(20, () => log.push("second"));
    clock.timer(10, () => void Promise.resolve().then(() => log.push(`first at ${clock.nowMs()}`)));
    const cancel = clock.timer(15, () => log.push("never"));
    cancel();
    await clock.advance(19);
    expect(log).toEqual(["first at 10"]);
    await clock.advance(1);
    expect(log).toEqual(["first at 10", "second"]);
    expect(clock.pendingTimers).toBe(0);
  });
});
