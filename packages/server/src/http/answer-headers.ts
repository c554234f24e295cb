import type { Receipt } from "@stargate/kernel";

/** Steps shown in Server-Timing: headers have a bounded size. */
const maxTimedSteps = 20;

/** What a receipt says, in short, as response headers. */
export function receiptHeaders(receipt: Receipt): Record<string, string> {
  const headers: Record<string, string> = { "stargate-receipt": receipt.id };
  if (receipt.coverage.length > 0)
    headers["stargate-coverage"] = receipt.coverage
      .map(({ measure, done, of }) => `${measure}=${done}/${of ?? "?"}`)
      .join(", ");
  if (receipt.degradations.length > 0)
    headers["stargate-degraded"] = receipt.degradations
      .slice(0, maxTimedSteps)
      .map(({ step, what }) => `${quoted(what)};step=${quoted(step)}`)
      .join(", ");
  headers["server-timing"] = serverTiming(receipt);
  return headers;
}

function serverTiming(receipt: Receipt): string {
  let timing = `total;dur=${rounded(receipt.ms)}`;
  for (const { id, uses, ms } of receipt.steps.slice(0, maxTimedSteps))
    timing += `, ${metricName(id)};dur=${rounded(ms)};desc=${quoted(uses)}`;
  return timing;
}

/** A Server-Timing metric is a token (RFC 9110, 5.6.2): "read/ocr" is not. */
function metricName(stepPath: string): string {
  return stepPath.replaceAll(/[^\w.-]/g, "_");
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** A structured field string (RFC 9651, 3.3.3): printable ASCII. */
function quoted(text: string): string {
  return `"${text.replaceAll(/[^\u0020-\u007e]/g, "?").replaceAll(/["\\]/g, "\\$&")}"`;
}
