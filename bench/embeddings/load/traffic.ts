import type { ClipGateway } from "../clip-gateway.ts";
import type { Content } from "./bodies.ts";
import type { EmbeddingClient } from "./client.ts";
import type { EmbeddingOrder, EmbeddingReport } from "./order.ts";

export interface TrafficReport extends EmbeddingReport {
  /** Items that ran together, as the gateway's own metrics count them; images and texts alike. */
  readonly itemsPerRun: number;
}

/** Requests to one gateway. */
export interface Traffic {
  send(content: Content, load: EmbeddingOrder["load"], seconds: number): Promise<TrafficReport>;
}

export function trafficTo(
  gateway: ClipGateway,
  client: EmbeddingClient,
  bodies: Readonly<Record<Content, readonly string[]>>,
): Traffic {
  const { port, authorization } = gateway;
  return {
    async send(content, load, seconds) {
      const before = await gateway.counts();
      const report = await client.send({ port, authorization, bodies: bodies[content], load, seconds });
      const after = await gateway.counts();
      return { ...report, itemsPerRun: (after.items - before.items) / (after.runs - before.runs) };
    },
  };
}
