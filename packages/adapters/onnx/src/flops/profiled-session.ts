import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelSignature, TensorMap } from "@stargate/kernel/backend";
import type { ModelFiles } from "../model/model-files.ts";
import { checkInputs, signatureOf } from "../model/signature.ts";
import type { Engine, EngineSession } from "../native/onnxruntime.ts";
import { fail } from "../onnx-errors.ts";
import type { DeviceTarget } from "../probe/providers.ts";
import { type EngineSessionOptions, sessionOptions } from "../session/session-options.ts";
import { countEinsum, readEquations } from "./count-einsum.ts";
import { countNode } from "./count-node.ts";
import { type NodeRun, readTrace } from "./read-trace.ts";

/** A session on the CPU that writes down what it runs, in memory and a folder that are freed when it is disposed of. */
export interface ProfiledSession extends AsyncDisposable {
  readonly signature: ModelSignature;
  run(inputs: TensorMap, wanted?: readonly string[]): Promise<TensorMap>;
  /** Operations of all runs so far; the session can be run no more. Throws SG_ONNX_PROFILE. */
  countOperations(): Promise<number>;
}

export interface ProfiledModel {
  readonly id: string;
  readonly files: ModelFiles;
}

/** Throws what making a session throws. */
export async function openProfiledSession(engine: Engine, { id, files }: ProfiledModel): Promise<ProfiledSession> {
  const folder = await mkdtemp(join(tmpdir(), "stargate-flops-"));
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  let session: EngineSession;
  let signature: ModelSignature;
  try {
    session = await engine.createSession({ id, device: "cpu", files, options: profiledSession(folder) });
    signature = signatureOf(id, session);
  } catch (error) {
    await removeFolder();
    throw error;
  }
  return {
    signature,
    run(inputs, wanted) {
      checkInputs(id, signature, inputs);
      return session.run(inputs, wanted);
    },
    async countOperations() {
      session.endProfiling();
      return countNodes(readTrace(await readProfile(folder)), files.model);
    },
    [Symbol.asyncDispose]: () => session.release().finally(removeFolder),
  };
}

async function readProfile(folder: string): Promise<string> {
  const [file] = await readdir(folder);
  if (file === undefined) throw fail("SG_ONNX_PROFILE", "ONNX Runtime wrote no profile");
  return readFile(join(folder, file), "utf8");
}

function countNodes(nodes: readonly NodeRun[], model: Uint8Array): number {
  let equations: ReadonlyMap<string, string> | undefined;
  return nodes.reduce((sum, node) => {
    if (node.op !== "Einsum") return sum + countNode(node);
    equations ??= readEquations(model);
    // The engine invents names for nodes without: then there is nothing to find the equation by but its being the only one.
    const [only] = equations.values();
    const equation = equations.get(node.node) ?? (equations.size === 1 ? only : undefined);
    if (equation === undefined)
      throw fail("SG_ONNX_PROFILE", `The model has several Einsum nodes, and "${node.node}" has no name of its own`);
    return sum + countEinsum(node, equation);
  }, 0);
}

const cpu: DeviceTarget = { id: "cpu", kind: "cpu", providers: [{ name: "cpu" }] };

function profiledSession(folder: string): EngineSessionOptions {
  const { extra, ...options } = sessionOptions(cpu, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    // As it was written: fused nodes would say less of what is computed.
    graphOptimization: "disabled",
    cpuNodes: "allow",
  });
  return {
    ...options,
    enableProfiling: true,
    profileFilePrefix: join(folder, "run"),
    // Weights that are packed beforehand are no inputs of their nodes any more.
    extra: { session: { ...extra.session, disable_prepacking: "1" } },
  };
}
