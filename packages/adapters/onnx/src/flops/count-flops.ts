import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TensorMap } from "@stargate/kernel/backend";
import type { ModelFiles } from "../model/model-files.ts";
import { checkInputs, signatureOf } from "../model/signature.ts";
import type { Engine } from "../native/onnxruntime.ts";
import { fail } from "../onnx-errors.ts";
import type { DeviceTarget } from "../probe/providers.ts";
import { type EngineSessionOptions, sessionOptions } from "../session/session-options.ts";
import { countEinsum, readEquations } from "./count-einsum.ts";
import { countNode } from "./count-node.ts";
import { type NodeRun, readTrace } from "./read-trace.ts";

/** A model and the inputs of the run to count. */
export interface FlopsQuestion {
  readonly id: string;
  readonly files: ModelFiles;
  readonly inputs: TensorMap;
}

/**
 * Counts the floating-point operations of one run, from the nodes the engine really runs: a session of its own, with the
 * graph as it was written, is profiled on the CPU once. So loops count as often as they are run, and dynamic sizes are
 * those of these inputs. Blocks the calling thread for a load and a run, and takes as much memory as both.
 * Throws SG_ONNX_PROFILE, and what loading and running throw.
 */
export async function countFlops(engine: Engine, { id, files, inputs }: FlopsQuestion): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "stargate-flops-"));
  try {
    const nodes = readTrace(await profile(engine, { id, files, inputs }, folder));
    return countNodes(nodes, files.model);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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

/** What the engine writes of a run. */
async function profile(engine: Engine, { id, files, inputs }: FlopsQuestion, folder: string): Promise<string> {
  const session = await engine.createSession({ id, device: "cpu", files, options: profiledSession(folder) });
  try {
    checkInputs(id, signatureOf(id, session), inputs);
    await session.run(inputs);
    session.endProfiling();
  } finally {
    await session.release();
  }
  const [file] = await readdir(folder);
  if (file === undefined) throw fail("SG_ONNX_PROFILE", "ONNX Runtime wrote no profile");
  return readFile(join(folder, file), "utf8");
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
