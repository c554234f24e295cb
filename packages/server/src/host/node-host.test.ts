import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { defineTask } from "@stargate/kernel";
import { createNodeHost } from "./node-host.ts";

it("lends workers, scratch, a closed network and no models, and leaves nothing behind", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stargate-host-"));
  const host = await createNodeHost({ scratch: { folder }, offload: { maxWorkers: 1 } });
  const double = defineTask<number, number>({
    base: import.meta.url,
    module: "../../test/support/offload-tasks",
    export: "double",
  });
  const signal = new AbortController().signal;
  expect(await host.offload(double, 4)).toBe(8);
  await expect(host.fetch("https://example.org/")).rejects.toMatchObject({ code: "SG_FETCH_DENIED" });
  await expect(host.compute.assets("any", { signal })).rejects.toMatchObject({ code: "SG_COMPUTE_UNAVAILABLE" });
  expect(host.secret("default", "KEY")).toBeUndefined();
  expect(host.randomId()).toMatch(/^[0-9a-f]{32}$/);
  const blob = await host
    .openScratch({ runId: host.randomId(), tenant: "default", signal })
    .scratch.put(new Blob(["abc"]));
  expect(await host.digestBlob?.(blob)).toBe("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  await host.close();
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});
