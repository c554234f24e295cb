import openInference from "@stargate/adapter-open-inference";
import { describe, expect, test } from "vitest";
import { modelAdapter } from "./support/model-adapter.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

/** A gateway that uses the models of another through its own fetch gate. */
function relayTo(far: TestGateway, binary: "auto" | "never"): Promise<TestGateway> {
  const allow = { hosts: ["127.0.0.1:*"], networks: ["127.0.0.1"] };
  const options = { servers: { far: { url: far.url, binary } }, models: { twice: { name: "double" } } };
  return startTestGateway({ pipelines: [], allow }, [openInference(options)]);
}

const body = JSON.stringify({ inputs: [{ name: "x", shape: [2, 2], datatype: "FP32", data: [1, 2.5, -3, 0.1] }] });

describe.for(["auto", "never"] as const)("a gateway uses a model of another gateway (binary data: %s)", (binary) => {
  test("and says where it ran", async () => {
    await using far = await startTestGateway({ pipelines: [] }, [modelAdapter()]);
    await using near = await relayTo(far, binary);
    const response = await near.fetch("/v2/models/twice/infer", { method: "POST", body });
    expect(await response.json()).toEqual({
      model_name: "twice",
      model_version: "1",
      parameters: { variant: "remote", backend: "open-inference", device: "far", pool: "far" },
      outputs: [{ name: "y", shape: [2, 2], datatype: "FP32", data: [2, 5, -6, Math.fround(0.2)] }],
    });
    const metadata = (await (await near.fetch("/v2/models/twice")).json()) as { inputs: unknown };
    expect(metadata.inputs).toEqual([{ name: "x", datatype: "FP32", shape: [-1, 2] }]);
  });
});

test("a gateway whose server has gone says so, and that it may be tried again", async () => {
  const far = await startTestGateway({ pipelines: [] }, [modelAdapter()]);
  await using near = await relayTo(far, "auto");
  const infer = () => near.fetch("/v2/models/twice/infer", { method: "POST", body });
  expect((await infer()).status).toBe(200);
  await far[Symbol.asyncDispose]();
  const response = await infer();
  expect([response.status, response.headers.get("stargate-error")]).toEqual([503, "SG_COMPUTE_HOST_LOST"]);
  expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
});

test("an address outside the allow-list is not reached", async () => {
  await using far = await startTestGateway({ pipelines: [] }, [modelAdapter()]);
  const adapter = openInference({ servers: { far: far.url }, models: { twice: { name: "double" } } });
  await using near = await startTestGateway({ pipelines: [] }, [adapter]);
  const response = await near.fetch("/v2/models/twice/infer", { method: "POST", body });
  expect(response.ok).toBe(false);
});
