import type { Exchange } from "../exchange.ts";

/** `GET /v1/compute`: the pools, what they are doing and have done. Opens them when no model has been asked for yet. */
export async function showCompute(exchange: Exchange): Promise<Response> {
  const { plane } = await exchange.gateway.compute.open();
  await plane.pools();
  return exchange.json(plane.snapshot());
}
