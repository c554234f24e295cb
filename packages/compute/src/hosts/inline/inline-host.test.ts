import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ComputeBackend, LoadOptions, ModelSource, TensorMap } from "@stargate/kernel";
import { expect, onTestFinished, test } from "vitest";
import { createMemoryLog, floats, live, machineClock, sourceOf } from "../../../test/host-kit.ts";
import { modelHosts } from "../open-model-hosts.ts";

const lost = { code: "SG_COMPUTE_HOST_LOST", details: { reason: "closed" } };

/** A server whose every run is answered by the test. */
function remote() {
  const seen: { source?: ModelSource; options?: LoadOptions } = {};
  const pending: { inputs: TensorMap; answer: (outputs: TensorMap) => void }[] = [];
  const unloaded: string[] = [];
  const backend: ComputeBackend = {
    kind: "backend",
    id: "far",
    version: "1.0.0",
    summary: "Somebody else's server",
    formats: ["far"],
    probe: async () => ({ backend: "far", version: "1", devices: [{ id: "far", kind: "remote", available: true }] }),
    load: async (source, options) => {
      Object.assign(seen, { source, options });
      return {
        signature: { inputs: [], outputs: [] },
        device: "far",
        run: (inputs) => new Promise((resolve) => pending.push({ inputs, answer: resolve })),
        unload: async () => void unloaded.push(source.id),
      };
    },
  };
  return { backend, seen, pending, unloaded };
}

async function opened(fetch?: () => Promise<Response>) {
  const server = remote();
  const open = modelHosts(server.backend, { clock: machineClock, log: createMemoryLog(), fetch, secret: () => "key" });
  const host = await open({ signal: live });
  return { ...server, host, load: () => host.load(sourceOf(), { device: "far", signal: live }) };
}

test("a backend without a factory is called from this thread, with the way to the network and its secrets", async () => {
  const fetch = () => Promise.resolve(new Response());
  const { host, load, seen, pending } = await opened(fetch);
  expect(host).toMatchObject({ id: "far/1", processId: undefined, keepsInputs: true, memoryBytes: 0 });
  const model = await load();
  expect(model).toMatchObject({ device: "far", deviceKind: "remote" });
  expect(seen.options).toMatchObject({ device: "far", fetch });
  expect(seen.options?.secret?.("any")).toBe("key");
  const running = model.run({ x: floats(1) }, { signal: live });
  pending[0]?.answer({ y: floats(2) });
  expect((await running).outputs).toEqual({ y: floats(2) });
});

test("files of a model are opened where they lie", async () => {
  const folder = await mkdtemp(join(tmpdir(), "inline-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "a.txt"), "labels");
  const { host, seen } = await opened();
  await host.load({ ...sourceOf(), paths: { "a.txt": join(folder, "a.txt") } }, { device: "far", signal: live });
  expect(await seen.source?.files["a.txt"]?.text()).toBe("labels");
});

test("who gives up is rejected at once, whatever the server does", async () => {
  const { load } = await opened();
  const model = await load();
  const abort = new AbortController();
  const running = model.run({}, { signal: abort.signal });
  abort.abort();
  await expect(running).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
  await expect(model.run({}, { signal: abort.signal })).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
});

test("closing lets runs end, unloads, and takes no more", async () => {
  const { host, load, pending, unloaded } = await opened();
  const model = await load();
  const running = model.run({}, { signal: live });
  const closed = host.close();
  await expect(model.run({}, { signal: live })).rejects.toMatchObject(lost);
  await expect(load()).rejects.toMatchObject(lost);
  pending[0]?.answer({ y: floats(1) });
  expect((await running).outputs).toEqual({ y: floats(1) });
  await closed;
  expect(unloaded).toEqual(["m"]);
  expect(await host.lost).toMatchObject(lost);
});

test("closing by force rejects runs at once", async () => {
  const { host, load } = await opened();
  const model = await load();
  const running = model.run({}, { signal: live });
  const [outcome] = await Promise.allSettled([running, host.close({ force: true })]);
  expect(outcome).toMatchObject({ status: "rejected", reason: lost });
});
