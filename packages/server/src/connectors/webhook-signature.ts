import { createHmac, timingSafeEqual } from "node:crypto";
import { failConnector } from "../errors/connector-errors.ts";
import { chunksOf } from "./encode-delivery.ts";

/** Header a delivery is signed with: `t=<seconds>,v1=<hex>`, HMAC-SHA-256 of "<seconds>.<body>". */
export const signatureHeader = "stargate-signature";

/** Signs a body. `atSeconds` is Unix time; it is signed as well, so that an old delivery cannot be replayed. */
export async function signWebhook(
  body: Blob | string | Uint8Array<ArrayBuffer>,
  secret: string,
  atSeconds: number,
): Promise<string> {
  const hmac = createHmac("sha256", secret).update(`${atSeconds}.`);
  for await (const chunk of chunksOf(body)) hmac.update(chunk);
  return `t=${atSeconds},v1=${hmac.digest("hex")}`;
}

export interface VerifyWebhookOptions {
  /** The body's bytes as received, before any parsing. */
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** Value of the `Stargate-Signature` header. */
  readonly signature: string | null | undefined;
  /** The service's secret; several while it is being changed. */
  readonly secret: string | readonly string[];
  /** Accepted difference between the clocks. Default 300 s. */
  readonly toleranceSeconds?: number | undefined;
  /** Unix time now. */
  readonly nowSeconds?: number | undefined;
}

/**
 * Checks that a request was sent by a service that knows the secret, and lately. For receivers of webhooks.
 * Throws SG_CONNECTOR_SIGNATURE.
 * @example
 * await verifyWebhook({ body: await request.text(), signature: request.headers.get("stargate-signature"), secret });
 */
export async function verifyWebhook(options: VerifyWebhookOptions): Promise<void> {
  const { body, signature, secret, toleranceSeconds = 300, nowSeconds = Date.now() / 1000 } = options;
  const fields = (signature ?? "").split(",").map((field) => field.trim());
  const atText = fields.find((field) => field.startsWith("t="))?.slice(2) ?? "";
  if (!/^\d{1,12}$/.test(atText))
    throw failConnector("SG_CONNECTOR_SIGNATURE", "The Stargate-Signature header is missing or has no time");
  const at = Number(atText);
  if (Math.abs(nowSeconds - at) > toleranceSeconds) {
    throw failConnector(
      "SG_CONNECTOR_SIGNATURE",
      `The signature is ${Math.round(Math.abs(nowSeconds - at))} s away from this machine's time; the limit is ${toleranceSeconds} s`,
      { hint: "Set both clocks, or refuse the request as a replay." },
    );
  }
  for (const one of typeof secret === "string" ? [secret] : secret) {
    const expected = Buffer.from(await signWebhook(body, one, at));
    for (const field of fields.filter((candidate) => candidate.startsWith("v1="))) {
      const given = Buffer.from(`t=${at},${field}`);
      if (given.byteLength === expected.byteLength && timingSafeEqual(given, expected)) return;
    }
  }
  throw failConnector("SG_CONNECTOR_SIGNATURE", "The signature does not fit the body and the secret");
}
