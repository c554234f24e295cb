/** Address without its query, which may hold a signature or a key. */
export function publicAddress(address: string): string {
  try {
    const url = new URL(address);
    return `${url.origin === "null" ? `${url.protocol}//${url.host}` : url.origin}${url.pathname}`;
  } catch {
    return address;
  }
}

/** What a server answered, in a few words for a message: "500 Internal Server Error, text/html, beginning with ...". */
export async function describeAnswer(response: Response): Promise<string> {
  const type = response.headers.get("content-type") ?? "no media type";
  let beginning = "";
  try {
    const bytes = await readAtMost(response, 2048);
    beginning = new TextDecoder()
      .decode(bytes.body.subarray(0, 2048))
      .replaceAll(/<[^>]*>|\s+/g, " ")
      .replaceAll(/\s+/g, " ")
      .trim()
      .slice(0, 120);
  } catch {
    // The status says enough.
  }
  const words = `${response.status} ${response.statusText}`.trim();
  return `${words}, ${type}${beginning === "" ? "" : `, saying "${beginning}"`}`;
}

/** Reads a body up to a limit; `isWhole` is false when there was more, and the rest was refused. */
export async function readAtMost(
  response: Response,
  maxBytes: number,
): Promise<{ readonly body: Uint8Array<ArrayBuffer>; readonly isWhole: boolean }> {
  const reader = response.body?.getReader();
  if (reader === undefined) return { body: new Uint8Array(0), isWhole: true };
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
    length += next.value.length;
    if (length <= maxBytes) continue;
    await reader.cancel();
    break;
  }
  const body = new Uint8Array(Math.min(length, maxBytes));
  let at = 0;
  for (const part of parts) {
    const fitting = part.subarray(0, body.length - at);
    body.set(fitting, at);
    at += fitting.length;
  }
  return { body, isWhole: length <= maxBytes };
}
