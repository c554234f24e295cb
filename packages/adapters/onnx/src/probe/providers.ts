import type { BackendDevice } from "@stargate/kernel";

/** Kinds of devices ONNX Runtime can have. */
export type DeviceKind = Exclude<BackendDevice["kind"], "remote">;

/** One device and the execution providers a session on it names. */
export interface DeviceTarget {
  readonly id: string;
  readonly kind: DeviceKind;
  readonly providers: readonly { readonly name: string; readonly deviceId?: number }[];
}

interface Provider {
  readonly kind: DeviceKind;
  /** Name in ONNX Runtime. */
  readonly name: string;
  /** Whether there may be several: ids are then "cuda:0", "cuda:1" ... */
  readonly numbered: boolean;
  /** Providers of the same chip that take the nodes this one leaves. */
  readonly helpers?: readonly string[];
  /** What there is to do when the provider is not there. */
  readonly hint: string;
}

const nvidiaHint = 'Add the provider\'s libraries as docs/onnx-cuda.md says, or load the model on the device "cpu".';

/** All providers, the one that is always there first. */
export const providers: readonly Provider[] = [
  { kind: "cpu", name: "cpu", numbered: false, hint: "Reinstall onnxruntime-node." },
  { kind: "cuda", name: "cuda", numbered: true, hint: nvidiaHint },
  { kind: "tensorrt", name: "tensorrt", numbered: true, helpers: ["cuda"], hint: nvidiaHint },
  { kind: "coreml", name: "coreml", numbered: false, hint: 'Use macOS on Apple silicon, or the device "cpu".' },
  { kind: "directml", name: "dml", numbered: true, hint: 'Use Windows with a DirectX 12 GPU, or the device "cpu".' },
  {
    kind: "webgpu",
    name: "webgpu",
    numbered: false,
    hint: 'Install a Vulkan 1.3 driver (Linux), or use the device "cpu".',
  },
  {
    kind: "openvino",
    name: "openvino",
    numbered: false,
    hint: 'Use a build of ONNX Runtime with OpenVINO, or the device "cpu".',
  },
];

/** How a session on the device `number` of a provider is made. */
export function targetOf(provider: Provider, number: number): DeviceTarget {
  const names = [provider.name, ...(provider.helpers ?? [])];
  return {
    id: provider.numbered ? `${provider.kind}:${number}` : provider.kind,
    kind: provider.kind,
    providers: names.map((name) => (provider.numbered ? { name, deviceId: number } : { name })),
  };
}

/** The provider whose devices have ids like this one: "cuda" of "cuda:0". */
export function providerOf(deviceId: string): Provider | undefined {
  return providers.find(({ kind }) => kind === deviceId.split(":")[0]);
}

export type { Provider };
