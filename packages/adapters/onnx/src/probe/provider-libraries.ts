import { access } from "node:fs/promises";
import { join } from "node:path";
import type { DeviceKind } from "./providers.ts";

/** Files that lie beside the binary of onnxruntime-node when a provider has been added to it. */
const stems: Partial<Record<DeviceKind, readonly string[]>> = {
  cuda: ["onnxruntime_providers_shared", "onnxruntime_providers_cuda"],
  tensorrt: ["onnxruntime_providers_shared", "onnxruntime_providers_cuda", "onnxruntime_providers_tensorrt"],
};

/** Names of the files a provider needs and that are not in the folder; none for providers inside the binary. */
export async function missingLibraries(
  kind: DeviceKind,
  folder: string,
  platform: string = process.platform,
): Promise<readonly string[]> {
  const files = (stems[kind] ?? []).map((stem) => (platform === "win32" ? `${stem}.dll` : `lib${stem}.so`));
  const present = await Promise.all(files.map((file) => exists(join(folder, file))));
  return files.filter((_file, index) => present[index] === false);
}

/** Whether the kernel driver of NVIDIA is loaded; always false where its files lie elsewhere (not Linux). */
export function hasNvidiaDriver(): Promise<boolean> {
  return exists("/proc/driver/nvidia/version");
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
