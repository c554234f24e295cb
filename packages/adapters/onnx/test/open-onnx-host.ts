import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HostedModel, type HostOptions, type ModelHost, modelHosts } from "@stargate/compute";
import type { Clock, Log } from "@stargate/kernel";
import { onTestFinished } from "vitest";
import { createOnnxBackend } from "../src/onnx-backend.ts";
import { onnxOptionsSchema } from "../src/onnx-options.ts";
import { live } from "./load-model.ts";

const clock: Clock = {
  nowMs: () => performance.now(),
  epochMs: () => Date.now(),
  timer(ms, callback) {
    const timeout = setTimeout(callback, ms).unref();
    return () => clearTimeout(timeout);
  },
};
const silent = (): void => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

/** A model host that makes the backend again by its factory; it ends with the test. */
export async function openOnnxHost(options: Partial<HostOptions> = {}): Promise<ModelHost> {
  const host = await modelHosts(createOnnxBackend(onnxOptionsSchema.parse({})), { clock, log, ...options })({
    signal: live,
  });
  onTestFinished(() => host.close());
  return host;
}

/** Loads a generated model in a host, from a file. */
export async function loadIn(host: ModelHost, bytes: Uint8Array): Promise<HostedModel> {
  const folder = await mkdtemp(join(tmpdir(), "onnx-host-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "model.onnx");
  await writeFile(path, bytes);
  const source = { model: "m", variant: "fp32", format: "onnx", paths: { "model.onnx": path }, settings: {} };
  return host.load(source, { device: "cpu", signal: live });
}
