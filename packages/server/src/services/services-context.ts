import type { AnyPipeline, Gate, Log } from "@stargate/kernel";
import type { ConfiguredPipeline } from "../gateway/configured-pipeline.ts";
import type { NodeHost } from "../host/node-host.ts";
import type { ServicesContext } from "./start-services.ts";

export interface ServicesContextParts extends Pick<ServicesContext, "directory" | "environment" | "onOutcome"> {
  readonly gate: Gate;
  readonly host: NodeHost;
  readonly log: Log;
  readonly pipelines: ReadonlyMap<string, ConfiguredPipeline>;
}

/** What services need of an open gateway. */
export function servicesContext({ gate, host, pipelines, ...rest }: ServicesContextParts): ServicesContext {
  return {
    ...rest,
    gate,
    host,
    clock: host.clock,
    fetch: host.fetch,
    assertAllowed: (url) => host.fetchGate.assertAllowed(url),
    pipelines: new Map([...pipelines].map(([name, { compiled }]): [string, AnyPipeline] => [name, compiled])),
  };
}
