import type { IncomingHttpHeaders } from "node:http";
import type { Policy } from "@stargate/kernel";
import { fail } from "../errors/server-errors.ts";
import type { Exchange } from "./exchange.ts";

const criticalities = ["critical", "normal", "sheddable"] as const;
/** A pool's or device's name: what configurations allow, "cuda:0". */
const placeName = /^[\w.:-]{1,128}$/;

/**
 * What a caller may say about how its request is carried out, in headers: `Stargate-Deadline-Ms` (only shortens the
 * gateway's own limit), `Stargate-Pool` and `Stargate-Device` (there or not at all), `Stargate-Criticality`, and
 * `Stargate-Degrade: never`. Throws SG_HTTP_MALFORMED.
 */
export function requestPolicy(
  { incoming, gateway }: Exchange,
  maxRunMs: number = gateway.config.limits.maxRunMs,
): Policy {
  const { headers } = incoming;
  const pool = place(headers, "stargate-pool");
  const device = place(headers, "stargate-device");
  const criticality = oneOf(headers, "stargate-criticality", criticalities);
  const degrade = oneOf(headers, "stargate-degrade", ["never"] as const);
  return {
    deadlineMs: Math.min(deadline(headers) ?? Infinity, maxRunMs),
    ...((pool ?? device) !== undefined && {
      compute: { ...(pool !== undefined && { pool }), ...(device !== undefined && { device }) },
    }),
    ...(criticality !== undefined && { criticality }),
    ...(degrade !== undefined && { degrade }),
  };
}

function deadline(headers: IncomingHttpHeaders): number | undefined {
  const header = headers["stargate-deadline-ms"];
  if (header === undefined) return undefined;
  const deadlineMs = Number(header);
  if (!(deadlineMs > 0))
    throw fail(
      "SG_HTTP_MALFORMED",
      `Stargate-Deadline-Ms is "${String(header)}", not a number of milliseconds above 0`,
    );
  return deadlineMs;
}

function place(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  if (value === undefined) return undefined;
  if (typeof value === "string" && placeName.test(value)) return value;
  throw fail("SG_HTTP_MALFORMED", `${name} is "${String(value)}", not the name of a pool or device`, {
    hint: "`stargate top` lists the pools; leave the header away to let the router decide.",
  });
}

function oneOf<const Value extends string>(
  headers: IncomingHttpHeaders,
  name: string,
  values: readonly Value[],
): Value | undefined {
  const header = headers[name];
  if (header === undefined) return undefined;
  const value = values.find((some) => some === header);
  if (value !== undefined) return value;
  throw fail(
    "SG_HTTP_MALFORMED",
    `${name} is "${String(header)}", not ${values.map((some) => `"${some}"`).join(", ")}`,
  );
}
