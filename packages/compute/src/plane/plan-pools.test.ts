import type { BackendDevice, ComputeBackend } from "@stargate/kernel";
import { describe, expect, test } from "vitest";
import { poolConfigSchema } from "./compute-config.ts";
import { planPools, type ProbedBackend } from "./plan-pools.ts";

const cpu: BackendDevice = { id: "cpu", kind: "cpu", available: true };
const cuda: BackendDevice = { id: "cuda:0", kind: "cuda", available: false, reason: "no NVIDIA driver" };
const remote: BackendDevice = { id: "triton", kind: "remote", available: false, reason: "connection refused" };

const probed = (id: string, ...devices: BackendDevice[]): ProbedBackend => ({
  backend: { id } as ComputeBackend, // the field that is looked at
  probe: { backend: id, version: "1", devices },
});
const pools = (config: object) => ({ pools: { big: poolConfigSchema.parse(config) } });

describe("without a configuration", () => {
  test("there is a pool for every device that is there, and for every server", () => {
    const plans = planPools({}, [probed("onnx", cpu, cuda), probed("open-inference", remote)]);
    expect(plans.map(({ id }) => id)).toEqual(["cpu", "triton"]);
  });

  test("devices of the same name are told apart by their backends", () => {
    const plans = planPools({}, [probed("onnx", cpu), probed("other", cpu)]);
    expect(plans.map(({ id }) => id)).toEqual(["onnx:cpu", "other:cpu"]);
  });
});

describe("a configured pool", () => {
  test("is on the device it names, or on the first that is there", () => {
    const both = [probed("onnx", cuda, cpu)];
    expect(planPools(pools({ backend: "onnx" }), both)[0]?.device).toBe(cpu);
    expect(planPools(pools({ backend: "onnx", device: "cpu" }), both)[0]?.device).toBe(cpu);
  });

  test("on a device that is not there is an error with the reason, never another device", () => {
    expect(() => planPools(pools({ backend: "onnx", device: "cuda:0" }), [probed("onnx", cpu, cuda)])).toThrow(
      expect.objectContaining({ code: "SG_COMPUTE_DEVICE", message: expect.stringContaining("no NVIDIA driver") }),
    );
    expect(() => planPools(pools({ backend: "onnx", device: "cuda:7" }), [probed("onnx", cpu)])).toThrow(
      expect.objectContaining({ code: "SG_COMPUTE_DEVICE", hint: expect.stringContaining("cpu") }),
    );
  });

  test("on a server that does not answer now is opened all the same", () => {
    expect(planPools(pools({ backend: "oip" }), [probed("oip", remote)])[0]?.device).toBe(remote);
  });

  test("on a backend nobody brings names the nearest", () => {
    expect(() => planPools(pools({ backend: "onxx" }), [probed("onnx", cpu)])).toThrow(
      expect.objectContaining({ code: "SG_COMPUTE_POOL_CONFIG", message: expect.stringContaining("'onnx'") }),
    );
  });
});
