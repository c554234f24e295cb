import type { RunOrder } from "../../runs/run-order.ts";
import type { Exchange } from "../exchange.ts";

/** Whether the client would rather have a job now than the answer later (RFC 7240, 4.1). */
export function prefersAsync({ incoming }: Pick<Exchange, "incoming">): boolean {
  const { prefer } = incoming.headers;
  if (prefer === undefined) return false;
  return String(prefer)
    .split(",")
    .some((preference) => preference.split(";")[0]?.trim().toLowerCase() === "respond-async");
}

/** Takes a job and says where to ask for it: 202. Throws what `Jobs.accept` throws. */
export async function acceptJob(exchange: Exchange, order: RunOrder): Promise<Response> {
  const { gateway, tenant, idempotency, incoming } = exchange;
  const webhook = incoming.headers["stargate-webhook"];
  const job = await gateway.jobs.accept({
    tenant,
    order,
    webhookUrl: typeof webhook === "string" && webhook !== "" ? webhook : undefined,
    key: idempotency && { owner: idempotency.owner, fingerprint: await idempotency.fingerprint() },
  });
  return exchange.json(job, 202, {
    location: `/v1/jobs/${job.id}`,
    "preference-applied": "respond-async",
  });
}
