import { expect, test } from "vitest";
import { type Engine, loadEngine } from "../native/onnxruntime.ts";
import { fail } from "../onnx-errors.ts";
import { findDevice } from "./find-device.ts";
import { createDeviceProbe } from "./probe-devices.ts";
import { providerOf } from "./providers.ts";

/** The real engine, said to be built with DirectML, whose devices are the CPU's doing: there is no such hardware here. */
async function pretendEngine(devices: number, alter: (sum: number) => number = (sum) => sum): Promise<Engine> {
  const engine = await loadEngine();
  return {
    ...engine,
    providers: ["cpu", "dml"],
    async createSession({ options, ...request }) {
      const number = options.executionProviders[0]?.deviceId ?? 0;
      if (number >= devices) throw fail("SG_COMPUTE_DEVICE", `Device "${number}" is not available: no adapter`);
      const session = await engine.createSession({
        ...request,
        options: { ...options, executionProviders: [{ name: "cpu" }], extra: { session: {} } },
      });
      return {
        ...session,
        run: async (inputs) => {
          const { sum } = await session.run(inputs);
          return { sum: { ...sum!, data: (sum!.data as Float32Array).map(alter) } };
        },
      };
    },
  };
}

const idsOf = async (engine: Engine) =>
  (await createDeviceProbe(async () => engine).of(providerOf("directml")!)).map(
    ({ id, available }) => `${id} ${available}`,
  );

test("devices of one provider are tried until one is refused", async () => {
  expect(await idsOf(await pretendEngine(2))).toEqual(["directml:0 true", "directml:1 true"]);
});

test("a provider without a device is listed as refused, with the reason", async () => {
  const devices = createDeviceProbe(() => pretendEngine(0));
  expect(await devices.of(providerOf("directml")!)).toEqual([
    { id: "directml:0", kind: "directml", available: false, reason: expect.stringContaining("no adapter") },
  ]);
});

test("a device that computes wrong is refused", async () => {
  const devices = createDeviceProbe(() => pretendEngine(1, (sum) => sum + 1));
  expect(await devices.of(providerOf("directml")!)).toMatchObject([
    { available: false, reason: "it computes a wrong sum" },
  ]);
});

test("a provider that was not compiled in is refused without being tried", async () => {
  const devices = createDeviceProbe(() => pretendEngine(1));
  expect(await devices.of(providerOf("openvino")!)).toMatchObject([
    {
      id: "openvino",
      available: false,
      reason: expect.stringMatching(/ONNX Runtime 1.30.0 for \S+ has no openvino provider/),
    },
  ]);
});

test("a probe is made once, and a failed one again", async () => {
  let loads = 0;
  const devices = createDeviceProbe(async () => {
    loads++;
    if (loads === 1) throw fail("SG_ONNX_NOT_INSTALLED", "not yet");
    return pretendEngine(1);
  });
  await expect(devices.of(providerOf("cpu")!)).rejects.toMatchObject({ code: "SG_ONNX_NOT_INSTALLED" });
  await devices.of(providerOf("cpu")!);
  await devices.of(providerOf("cpu")!);
  expect(loads).toBe(2);
});

test("only the provider of the wanted device is tried", async () => {
  const engine = await pretendEngine(2);
  const tried: string[] = [];
  const devices = createDeviceProbe(async () => ({
    ...engine,
    createSession: (request) => {
      tried.push(request.device);
      return engine.createSession(request);
    },
  }));
  expect(await findDevice(devices, "directml:1")).toMatchObject({
    id: "directml:1",
    providers: [{ name: "dml", deviceId: 1 }],
  });
  expect(tried).toEqual(["directml:0", "directml:1", "directml:2"]);
});

test("a device number beyond those there are is refused, naming those", async () => {
  const devices = createDeviceProbe(() => pretendEngine(2));
  await expect(findDevice(devices, "directml:7")).rejects.toMatchObject({
    code: "SG_COMPUTE_DEVICE",
    message: expect.stringContaining("directml devices here are directml:0, directml:1"),
  });
});
