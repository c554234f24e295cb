import {
  type BackendProbe,
  type CheckContext,
  type ComputeBackend,
  type HealthCheck,
  isStargateError,
} from "@stargate/kernel";
import { type Engine, loadEngine } from "./native/onnxruntime.ts";
import type { OnnxOptions } from "./onnx-options.ts";
import { hasNvidiaDriver, missingLibraries } from "./probe/provider-libraries.ts";

/** Looks at the machine: the engine's version, the libraries of the CUDA provider, and what each device says when tried. */
export async function checkOnnx(
  backend: ComputeBackend,
  options: OnnxOptions,
  context: CheckContext,
): Promise<readonly HealthCheck[]> {
  const name = "onnxruntime-node";
  try {
    const engine = await loadEngine();
    const probe = await (context.probe?.(backend) ?? backend.probe(context));
    const version: HealthCheck = {
      name,
      status: "ok",
      message: `${engine.version}, built with ${engine.providers.join(", ")}`,
    };
    return [version, ...(await cudaCheck(engine)), deviceCheck(probe, options.device)];
  } catch (error) {
    if (!isStargateError(error)) throw error;
    return [{ name, status: "failed", message: error.message, hint: error.hint }];
  }
}

/** Nothing is said of CUDA where ONNX Runtime has none. */
async function cudaCheck(engine: Engine): Promise<readonly HealthCheck[]> {
  if (!engine.providers.includes("cuda")) return [];
  const name = "CUDA provider";
  const missing = await missingLibraries("cuda", engine.binaryFolder);
  if (missing.length === 0) return [{ name, status: "ok", message: `libraries found in ${engine.binaryFolder}` }];
  const message = `${missing.join(", ")} not found in ${engine.binaryFolder}`;
  const hint = "Add them as docs/onnx-cuda.md says.";
  if (await hasNvidiaDriver())
    return [{ name, status: "warning", message: `${message}, though there is an NVIDIA driver`, hint }];
  return [{ name, status: "ok", message: `${message}; needed for NVIDIA GPUs only, and there is no driver of one` }];
}

function deviceCheck({ devices }: BackendProbe, wanted: string): HealthCheck {
  const message = devices
    .map(({ id, available, reason }) => (available ? `${id} works` : `${id} refused (${reason ?? "no reason given"})`))
    .join("; ");
  if (devices.some(({ id, available }) => id === wanted && available))
    return { name: "devices", status: "ok", message };
  return {
    name: "devices",
    status: "failed",
    message: `"${wanted}", where models run by default, cannot be used: ${message}`,
    hint: "Set the option device of the onnx adapter to a device that works.",
  };
}
