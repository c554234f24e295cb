import { fail } from "../onnx-errors.ts";
import type { DeviceProbe } from "./probe-devices.ts";
import { type DeviceTarget, providerOf, providers, targetOf } from "./providers.ts";

/**
 * The device with this id, when it is really there. Only its own provider is tried. Throws SG_COMPUTE_DEVICE; nothing else
 * is ever used in its place.
 */
export async function findDevice(devices: DeviceProbe, id: string): Promise<DeviceTarget> {
  const provider = providerOf(id);
  if (provider === undefined)
    throw fail("SG_COMPUTE_DEVICE", `There is no device "${id}"`, {
      hint: `Devices of this backend are ${providers.map((one) => targetOf(one, 0).id).join(", ")}; its probe says which are there.`,
    });
  const found = await devices.of(provider);
  const device = found.find((one) => one.id === id);
  if (device?.available === true) return targetOf(provider, found.indexOf(device));
  const refused = found.find(({ available }) => !available);
  const reason = refused?.reason ?? `${provider.kind} devices here are ${found.map((one) => one.id).join(", ")}`;
  throw fail("SG_COMPUTE_DEVICE", `Device "${id}" is not available: ${reason}`, { hint: provider.hint });
}
