import {
  digestJson,
  type AnyPipeline,
  type Gate,
  type JsonObject,
  type Policy,
  type ServicePipeline,
} from "@stargate/kernel";

export interface GatePipelineOptions {
  readonly gate: Pick<Gate, "run" | "compile">;
  readonly goal:
    | { readonly pipeline: AnyPipeline }
    | { readonly to: string; readonly with?: Readonly<Record<string, JsonObject>> | undefined };
  readonly policy?: Policy | undefined;
  readonly tenant?: string | undefined;
}

/** What a service does with each item of bytes: the gate recognises it, and runs the pipeline or finds the way to `to`. */
export function gatePipeline({ gate, goal, policy, tenant }: GatePipelineOptions): ServicePipeline {
  return {
    // The way to `to` may differ from item to item, so what was asked for stands for it.
    key: "pipeline" in goal ? gate.compile(goal.pipeline).planHash : digestJson({ to: goal.to, with: goal.with ?? {} }),
    // Sources of this package give Blobs.
    run: (item, { signal }) => gate.run(item.value as Blob, goal, { signal, name: item.name, policy, tenant }),
  };
}
