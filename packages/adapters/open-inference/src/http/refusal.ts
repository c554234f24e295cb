import type { StargateError } from "@stargate/kernel";
import { z } from "zod";
import { fail } from "../open-inference-errors.ts";
import { quoteMessage } from "../server-client.ts";

/** The protocol's own shape, and what FastAPI servers send instead. */
const errorBodySchema = z.union([
  z.looseObject({ error: z.string() }).transform(({ error }) => error),
  z.looseObject({ detail: z.string() }).transform(({ detail }) => detail),
  z
    .looseObject({ detail: z.array(z.looseObject({ msg: z.string() })) })
    .transform(({ detail }) => detail.map(({ msg }) => msg).join("; ")),
]);

/** What an answer that is no success means. */
export function refusal(
  server: string,
  { status, headers }: Pick<Response, "status" | "headers">,
  body: Uint8Array,
  epochMs: number,
): StargateError {
  const said = `Server "${server}" answers ${status}: ${quoteMessage(messageOf(new TextDecoder().decode(body)))}`;
  if (status === 401 || status === 403) return fail("SG_OPEN_INFERENCE_KEY", said);
  const waitMs = retryAfterMs(headers.get("retry-after"), epochMs);
  const details = { server, status, ...(waitMs !== undefined && { retryAfterMs: waitMs }) };
  if (status === 429 || (status === 503 && waitMs !== undefined))
    return fail("SG_COMPUTE_OVERLOADED", said, { details });
  if (status >= 500 || status === 408 || status === 425) return fail("SG_COMPUTE_HOST_LOST", said, { details });
  if (status >= 400) return fail("SG_OPEN_INFERENCE_REFUSED", said, { details });
  return fail("SG_OPEN_INFERENCE_ANSWER", said, { details });
}

function messageOf(text: string): string {
  try {
    const parsed = errorBodySchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : text;
  } catch {
    return text; // plain text or HTML: taken as it is
  }
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
function retryAfterMs(header: string | null, epochMs: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - epochMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
