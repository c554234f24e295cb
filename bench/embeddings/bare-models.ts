import { once } from "node:events";
import { startNode } from "../support/child-process.ts";
import type { ClipFiles } from "./model/clip-files.ts";

/** p50 of runs of the bare models. */
export interface BareReport {
  readonly imageMs: number;
  readonly textMs: number;
  /** One after the other. */
  readonly bothMs: number;
  /** One text of a run of 32. */
  readonly textOf32Ms: number;
}

/** The models in ONNX Runtime, in a process of their own. */
export interface BareModels extends AsyncDisposable {
  measure(runs: number): Promise<BareReport>;
}

export async function startBareModels({ vision, text }: ClipFiles): Promise<BareModels> {
  const file = new URL("processes/bare-models.ts", import.meta.url).pathname;
  const child = await startNode(file, { arguments: [vision.path, text.path], messages: true });
  return {
    async measure(runs) {
      const answered = once(child.process, "message");
      child.process.send(runs);
      const [report] = (await answered) as [BareReport];
      return report;
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
