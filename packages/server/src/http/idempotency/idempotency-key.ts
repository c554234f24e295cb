import { createHash } from "node:crypto";
import { fail } from "../../errors/idempotency-errors.ts";
import type { Exchange } from "../exchange.ts";

/** Visible ASCII. The draft's string in quotes, or the bare id that most clients send. */
const quotedKey = /^"((?:[ !#-[\]-~]|\\["\\]){1,255})"$/;
const bareKey = /^[!#-[\]-~]{1,255}$/;

/**
 * `Idempotency-Key` of a request (draft-ietf-httpapi-idempotency-key-header-07); undefined without one.
 * Throws SG_IDEMPOTENCY_KEY for one that is no string of 1 to 255 characters.
 */
export function idempotencyKey({ incoming }: Pick<Exchange, "incoming">): string | undefined {
  const header = incoming.headers["idempotency-key"];
  if (header === undefined) return undefined;
  const text = String(header);
  const key = quotedKey.exec(text)?.[1]?.replaceAll(/\\(.)/g, "$1") ?? bareKey.exec(text)?.[0];
  if (key === undefined)
    throw fail("SG_IDEMPOTENCY_KEY", `Idempotency-Key is ${text.length} characters that are no key`);
  return key;
}

/** Whose key it is: tenants choose theirs without knowing of one another. Hex, so that it can be a file's name. */
export function keyOwner(tenant: string, key: string): string {
  return createHash("sha256")
    .update(JSON.stringify([tenant, key]))
    .digest("hex");
}
