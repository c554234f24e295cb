/** Milliseconds a Retry-After header asks to wait: seconds or a date (RFC 9110, 10.2.3). Undefined when it says nothing. */
export function retryAfterMs(header: string | null, epochMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - epochMs);
}
