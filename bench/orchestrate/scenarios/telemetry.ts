import type { Telemetry } from "./scenario.ts";

/** One gateway, reports every 50 ms. */
export const fresh: Telemetry = { gateways: 1, everyMs: 50, replies: false };
/** Four gateways that know nothing of one another, reports every 500 ms. */
export const stale: Telemetry = { gateways: 4, everyMs: 500, replies: false };
/** The same, and every reply says how its pool looked. */
export const staleWithReplies: Telemetry = { ...stale, replies: true };
