import type { PoolTelemetry } from "../../pools/pool.ts";
import type { Arm } from "../types/arm.ts";
import type { RefusalReason } from "../types/decision.ts";
import type { RouteRequest } from "../types/route-request.ts";

/**
 * The hard constraint that forbids an arm, or undefined. What is checked here holds whatever the scores say. A word only:
 * sentences are made when somebody asks (`refusalText`).
 */
export function ruleOut(
  request: RouteRequest,
  arm: Arm,
  known: {
    readonly quality: number;
    readonly usd: number;
    readonly report: PoolTelemetry | undefined;
    readonly nowMs: number;
  },
): RefusalReason | undefined {
  const { pin, residency, excludePools, minimumQuality, minimumDeclaredQuality, maximumUsd } = request;
  const unmet = unmetPin(pin, arm);
  if (unmet !== undefined) return unmet;
  if (residency !== undefined && !residency.every((tag) => arm.tags.includes(tag))) return "residency";
  if (arm.blocked !== undefined) return arm.blocked.kind;
  if (excludePools !== undefined && excludePools.includes(arm.pool)) return "excluded";
  if (isClosed(known.report, known.nowMs)) return "closed";
  if (minimumDeclaredQuality !== undefined && arm.quality < minimumDeclaredQuality) return "variant";
  if (minimumQuality !== undefined && known.quality < minimumQuality) return "quality";
  if (maximumUsd !== undefined && known.usd > maximumUsd) return "budget";
  return undefined;
}

/** What of a pin an arm does not meet. */
export function unmetPin(
  pin: RouteRequest["pin"],
  { pool, device, deviceKind }: Pick<Arm, "pool" | "device" | "deviceKind">,
): "pool-pin" | "device-pin" | undefined {
  if (pin?.pool !== undefined && pin.pool !== pool) return "pool-pin";
  if (pin?.device !== undefined && pin.device !== device && pin.device !== deviceKind) return "device-pin";
  return undefined;
}

function isClosed(report: PoolTelemetry | undefined, nowMs: number): boolean {
  if (report === undefined) return false;
  return report.slots <= 0 || (report.closedUntilMs !== undefined && report.closedUntilMs > nowMs);
}

/** The sentence behind a refusal. */
export function refusalText(
  reason: RefusalReason,
  request: RouteRequest,
  arm: Arm,
  known: { readonly quality: number; readonly usd: number },
): string {
  const missing = (request.residency ?? []).filter((tag) => !arm.tags.includes(tag));
  switch (reason) {
    case "pool-pin":
      return `the call is pinned to pool "${request.pin?.pool ?? ""}"`;
    case "device-pin":
      return `the call is pinned to device "${request.pin?.device ?? ""}", this is ${arm.device}`;
    case "residency":
      return `pool "${arm.pool}" lacks the residency ${missing.map((tag) => `"${tag}"`).join(", ")}`;
    case "capability":
    case "breaker":
    case "ejected":
    case "absent":
      return arm.blocked?.detail ?? reason;
    case "closed":
      return `pool "${arm.pool}" takes no work now`;
    case "excluded":
      return `pool "${arm.pool}" has been tried already`;
    case "variant":
      return `its declared quality of ${arm.quality} is below the minimum of ${request.minimumDeclaredQuality ?? 0}`;
    case "quality":
      return `its quality of ${known.quality.toFixed(3)} is below the minimum of ${request.minimumQuality ?? 0}`;
    case "budget":
      return `its expected cost of ${known.usd.toPrecision(3)} USD is above the limit of ${request.maximumUsd ?? 0}`;
    case "deadline":
      return "it would not be in time";
  }
}
