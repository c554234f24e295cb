import { fail } from "../../errors/server-errors.ts";
import { jobStates } from "../../jobs/job.ts";
import type { Exchange } from "../exchange.ts";
import { problemMediaType } from "../problem.ts";

const USUAL_LIMIT = 100;
const MOST_LISTED = 1000;

/** `GET /v1/jobs[?state=][&limit=][&before=]`: the tenant's jobs, the newest first. */
export async function listJobs(exchange: Exchange): Promise<Response> {
  const { gateway, tenant } = exchange;
  const stateText = exchange.query("state");
  const state = jobStates.find((known) => known === stateText);
  if (stateText !== undefined && state === undefined)
    throw fail("SG_HTTP_MALFORMED", `The query's \`state\` is "${stateText}", not one of ${jobStates.join(", ")}`);
  const limitText = exchange.query("limit") ?? String(USUAL_LIMIT);
  const limit = Number(limitText);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_LISTED)
    throw fail("SG_HTTP_MALFORMED", `The query's \`limit\` is "${limitText}", not a number from 1 to ${MOST_LISTED}`);
  const jobs = await gateway.jobs.list(tenant, { state, limit, before: exchange.query("before") });
  return exchange.json({ jobs });
}

/** `GET /v1/jobs/{id}`. */
export async function showJob(exchange: Exchange): Promise<Response> {
  return exchange.json(await exchange.gateway.jobs.show(exchange.tenant, idOf(exchange)));
}

/** `DELETE /v1/jobs/{id}`: cancels it; a job that has ended stays as it is. */
export async function cancelJob(exchange: Exchange): Promise<Response> {
  return exchange.json(await exchange.gateway.jobs.cancel(exchange.tenant, idOf(exchange)));
}

/** `GET /v1/jobs/{id}/result`: what the request would have been answered, had it waited; its problem when it failed. */
export async function showJobResult(exchange: Exchange): Promise<Response> {
  const { gateway, tenant, incoming, signal } = exchange;
  const result = await gateway.jobs.result(tenant, idOf(exchange), incoming.headers.accept, signal);
  if (result.kind === "problem")
    return exchange.respond(result.problem.status, JSON.stringify(result.problem), problemMediaType);
  exchange.receiptId = result.receiptId;
  const { body, contentType, headers } = result.answer;
  return exchange.respond(200, body, contentType, headers);
}

function idOf(exchange: Exchange): string {
  return exchange.context.req.param("id") ?? "";
}
