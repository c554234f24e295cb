import { decisionIds } from "../../gateway/decision-ids.ts";
import type { Exchange } from "../exchange.ts";
import { receiptOf } from "./catalogue.ts";

/** `GET /v1/receipts/{id}/explain`: why its models ran where they ran, decision by decision. */
export async function explainReceipt(exchange: Exchange): Promise<Response> {
  const receipt = await receiptOf(exchange);
  const ids = decisionIds(receipt);
  const { explainDecision } = await import("@stargate/compute"); // open by then, so loaded already
  const { plane } = await exchange.gateway.compute.open();
  const records = await plane.decisions(ids);
  const kept = new Set(records.map(({ id }) => id));
  return exchange.json({
    receipt: receipt.id,
    decisions: records.map((record) => ({ id: record.id, explanation: explainDecision(record), record })),
    notKept: ids.filter((id) => !kept.has(id)),
  });
}
