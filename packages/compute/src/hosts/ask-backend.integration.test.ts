import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { createMemoryLog, floats, live, machineClock, sourceOf, testFactory } from "../../test/host-kit.ts";
import { openTestHost } from "../../test/open-test-host.ts";
import { askBackend } from "./ask-backend.ts";
import type { BackendQuestions } from "./model-host.ts";

const options = { name: "test", clock: machineClock, log: createMemoryLog(), signal: live };

test("a backend says what devices it has, in a process that is gone afterwards", async () => {
  const factory = testFactory();
  const probe = await askBackend(factory, options, (backend) => backend.probe({ signal: live }));
  expect(probe.devices).toEqual([{ id: "odd", kind: "openvino", available: true }]);
});

test("a backend counts operations of inputs that go there as those of a run do", async () => {
  const ask = (backend: BackendQuestions) => backend.countFlops(sourceOf(), { x: floats(1, 2, 3) }, { signal: live });
  expect(await askBackend(testFactory(), options, ask)).toBe(6);
});

test("the process is gone also when the question ends it, and the asker hears of it", async () => {
  let processId: number | undefined;
  const asked = askBackend(testFactory(), options, (backend) => {
    processId = (backend as { readonly processId?: number }).processId;
    return backend.countFlops(sourceOf({ run: "crash" }), { x: floats(1) }, { signal: live });
  });
  await expect(asked).rejects.toMatchObject({ code: "SG_COMPUTE_HOST_LOST" });
  expect(existsSync(`/proc/${processId ?? 0}`)).toBe(false);
});

test("a backend that cannot be made says why", async () => {
  const asked = askBackend(testFactory({ start: "throw" }), options, (backend) => backend.probe({ signal: live }));
  await expect(asked).rejects.toMatchObject({ code: "SG_HOST_BACKEND" });
});

test("a host in a thread answers, too", async () => {
  const host = (await openTestHost({ isolation: "thread" })) as unknown as BackendQuestions; // opened by `openHost`
  expect(await host.countFlops(sourceOf(), { x: floats(1, 2) }, { signal: live })).toBe(4);
});
