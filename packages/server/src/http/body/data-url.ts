import { fail } from "../../errors/server-errors.ts";

const dataUrlPattern = /^data:([a-zA-Z]+\/[\w.+-]+|)((?:;[\w.+-]+(?:=[\w.+-]+)?)*),/;
const base64Pattern = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Whether a text is meant as a data URL. */
export function isDataUrl(text: string): boolean {
  return text.startsWith("data:") && dataUrlPattern.test(text.slice(0, 256));
}

/** Bytes of a data URL (RFC 2397). Throws SG_HTTP_BODY. */
export function decodeDataUrl(url: string, field: string): Blob {
  const match = dataUrlPattern.exec(url.slice(0, 256));
  if (match === null)
    throw fail("SG_HTTP_BODY", `Field "${field}" is no data URL`, {
      hint: 'Write "data:<media type>;base64,<bytes>".',
    });
  const [head, mediaType = "", parameters = ""] = match;
  const body = url.slice(head.length);
  const type = mediaType === "" ? "text/plain" : mediaType.toLowerCase();
  if (/;base64$/i.test(parameters)) {
    if (!base64Pattern.test(body)) throw fail("SG_HTTP_BODY", `The data URL in field "${field}" is not base64`);
    return new Blob([Buffer.from(body, "base64")], { type });
  }
  try {
    return new Blob([decodeURIComponent(body)], { type });
  } catch (cause) {
    throw fail("SG_HTTP_BODY", `The data URL in field "${field}" has a malformed escape`, { cause });
  }
}
