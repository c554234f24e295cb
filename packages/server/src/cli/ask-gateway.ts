import { fail } from "../errors/server-errors.ts";
import type { Terminal } from "./terminal.ts";

/** Arguments of commands that talk to a running gateway. */
export const gatewayArgs = {
  url: {
    type: "string",
    description: "Address of the gateway; default: STARGATE_URL, or http://127.0.0.1:8080",
    valueHint: "url",
  },
  key: { type: "string", description: "API key; default: STARGATE_KEY", valueHint: "key" },
} as const;

const LONGEST_MS = 10_000;

/**
 * Asks a running gateway for JSON. Throws SG_CLI_GATEWAY when there is none at the address, or when it refuses, with what
 * it says.
 */
export async function askGateway(
  { environment, signal }: Terminal,
  args: { readonly url?: string | undefined; readonly key?: string | undefined },
  path: string,
  { method = "GET" }: { readonly method?: string } = {},
): Promise<unknown> {
  const base = args.url ?? environment["STARGATE_URL"] ?? "http://127.0.0.1:8080";
  const key = args.key ?? environment["STARGATE_KEY"];
  const headers = key === undefined ? undefined : { authorization: `Bearer ${key}` };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
  let response: Response;
  try {
    response = await fetch(new URL(path, base), { method, ...(headers !== undefined && { headers }), signal: limit });
  } catch (cause) {
    throw fail("SG_CLI_GATEWAY", `No gateway answers at ${base}`, { cause });
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body;
  const said = typeof body === "object" && body !== null && "detail" in body ? `: ${String(body.detail)}` : "";
  throw fail("SG_CLI_GATEWAY", `The gateway at ${base} answered ${response.status}${said}`);
}
