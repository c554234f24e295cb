import {
  digestJson,
  portText,
  type AnyPipeline,
  type CompiledGraph,
  type Gate,
  type Host,
  type JsonObject,
  type Policy,
  type ServicePipeline,
} from "@stargate/kernel";
import { localTenant } from "../auth/access.ts";
import { failConnector } from "../errors/connector-errors.ts";

export interface GatePipelineOptions {
  readonly gate: Pick<Gate, "run" | "compile">;
  readonly host: Pick<Host, "openScratch" | "randomId">;
  readonly goal:
    | { readonly pipeline: AnyPipeline }
    | { readonly to: string; readonly with?: Readonly<Record<string, JsonObject>> | undefined };
  readonly policy?: Policy | undefined;
  readonly tenant?: string | undefined;
}

/**
 * What a service does with each item of bytes: the gate recognises it, and runs the pipeline or finds the way to `to`.
 * Every item is a run of its own. Throws SG_SERVICE_CONFIG for a pipeline that takes several inputs or a stream.
 */
export function gatePipeline({ gate, host, goal, policy, tenant = localTenant }: GatePipelineOptions): ServicePipeline {
  return {
    // The way to `to` may differ from item to item, so what was asked for stands for it.
    key:
      "pipeline" in goal ? planHashOf(gate.compile(goal.pipeline)) : digestJson({ to: goal.to, with: goal.with ?? {} }),
    async run({ value, name }, { signal }) {
      const place = host.openScratch({ runId: host.randomId(), tenant, signal });
      const options = { signal, name, policy, tenant, scratch: place.scratch };
      try {
        const answer = await gate.run(value as Blob, goal, options); // sources of this package give Blobs
        return { ...answer, close: () => place.close() };
      } catch (error) {
        await place.close();
        throw error;
      }
    },
  };
}

function planHashOf(graph: CompiledGraph): string {
  const ports = [...graph.inputs];
  if (ports.length === 1 && ports.every(([, port]) => !port.many)) return graph.planHash;
  const takes = ports.map(([name, port]) => `${name}: ${portText(port)}`).join(", ");
  throw failConnector(
    "SG_SERVICE_CONFIG",
    `Pipeline "${graph.graph.name}" takes ${takes}; a service runs it once for each single item`,
  );
}
