import { z } from "zod";
import {
  portEntries,
  portText,
  type Receipt,
  resolvePort,
  type AnyModality,
  type AnyTransform,
} from "@stargate/kernel";
import { fail } from "../../errors/server-errors.ts";
import { mediaTypes } from "../../gateway/configured-pipeline.ts";
import type { Gateway } from "../../gateway/gateway.ts";
import type { Exchange } from "../exchange.ts";

/** `GET /v1/modalities`. */
export function listModalities(exchange: Exchange): Response {
  return exchange.json({
    modalities: exchange.gateway.gate.registry.modalities.map((modality) =>
      modalitySummary(exchange.gateway, modality),
    ),
  });
}

/** `GET /v1/transforms`. */
export function listTransforms(exchange: Exchange): Response {
  return exchange.json({ transforms: exchange.gateway.gate.registry.transforms.map(transformSummary) });
}

/** `GET /v1/plan?from=&to=`: the way the gate would go, and why not another. */
export async function explainPlan(exchange: Exchange): Promise<Response> {
  const from = exchange.query("from");
  const to = exchange.query("to");
  if (from === undefined || to === undefined)
    throw fail("SG_HTTP_MALFORMED", `The query has no \`${from === undefined ? "from" : "to"}\``, {
      hint: "Ask for /v1/plan?from=<modality>&to=<modality>; /v1/modalities lists them.",
    });
  return exchange.json(await exchange.gateway.gate.explain({ from, to }));
}

/** `GET /v1/receipts/{id}`. */
export async function showReceipt(exchange: Exchange): Promise<Response> {
  return exchange.json(await receiptOf(exchange));
}

/** The receipt that the path names. Throws SG_RECEIPT_UNKNOWN. */
export async function receiptOf({ context, gateway, tenant }: Exchange): Promise<Receipt> {
  const id = context.req.param("id") ?? "";
  let receipt = gateway.receipts.get(tenant, id);
  if (receipt === undefined) {
    receipt = await gateway.jobs.receipt(tenant, id);
    if (receipt !== undefined) gateway.receipts.add(receipt);
  }
  if (receipt === undefined) throw fail("SG_RECEIPT_UNKNOWN", `There is no receipt "${id}"`);
  return receipt;
}

function modalitySummary({ gate }: Gateway, modality: AnyModality) {
  return {
    id: modality.id,
    summary: modality.summary,
    measure: modality.measure,
    reads: mediaTypes(gate, modality.id, "decode"),
    writes: mediaTypes(gate, modality.id, "encode"),
  };
}

function transformSummary(transform: AnyTransform) {
  const inputs = portEntries(transform.from).map(([name, port]): [string, string] => [
    name === "" ? "input" : name,
    portText(resolvePort(port)),
  ]);
  return {
    id: transform.id,
    version: transform.version,
    summary: transform.summary,
    from: Object.fromEntries(inputs),
    to: portText(resolvePort(transform.to)),
    options: z.toJSONSchema(transform.options, { unrepresentable: "any", io: "input" }),
    coverage: transform.coverage,
    loss: transform.loss,
    ladder: transform.ladder.map(({ name, quality, model }) => ({ name, quality, model: model ?? null })),
    restrictions: transform.restrictions.map(({ kind, note }) => ({ kind, note })),
    deterministic: transform.deterministic,
    network: transform.network,
    plannable: transform.plannable,
  };
}
