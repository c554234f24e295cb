/** What is sent: method, headers and body as the fetch standard makes them of a `RequestInit`. */
export interface OutgoingRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | ReadableStream<Uint8Array> | null;
}

const plainMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * Makes the request of a call. Text and bytes, what nearly all calls send, go out as they are; a `Request`, which turns
 * every body into a web stream and costs more than the rest of the call, is made for the others only.
 */
export function outgoingRequest(url: URL, init: RequestInit): OutgoingRequest {
  return plainRequest(init) ?? requestByStandard(url, init);
}

function plainRequest({ method = "GET", headers, body = null }: RequestInit): OutgoingRequest | undefined {
  if (!plainMethods.has(method)) return undefined;
  const content = body === null || typeof body === "string" ? body : bytesOf(body);
  if (content === undefined || (content !== null && (method === "GET" || method === "HEAD"))) return undefined;
  const sent: Record<string, string> = Object.fromEntries(new Headers(headers));
  if (content !== null) {
    if (typeof content === "string") sent["content-type"] ??= "text/plain;charset=UTF-8";
    sent["content-length"] = String(Buffer.byteLength(content));
  }
  return { method, headers: sent, body: content };
}

function bytesOf(body: unknown): Uint8Array | undefined {
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  return ArrayBuffer.isView(body) ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength) : undefined;
}

// `Request` normalises method, headers and body the way fetch does. A Blob is sent with its length.
function requestByStandard(url: URL, init: RequestInit): OutgoingRequest {
  const { signal: _signal, ...rest } = init;
  const request = new Request(url, {
    ...rest,
    redirect: "manual",
    ...(init.body instanceof ReadableStream ? { duplex: "half" } : {}),
  } as RequestInit); // duplex is in the standard, not in the types
  const headers = Object.fromEntries(request.headers);
  if (init.body instanceof Blob) headers["content-length"] = String(init.body.size);
  return { method: request.method, headers, body: request.body };
}
