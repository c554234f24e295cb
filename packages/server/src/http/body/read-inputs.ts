import { isUtf8 } from "node:buffer";
import { fail } from "../../errors/server-errors.ts";
import type { Exchange } from "../exchange.ts";
import { bodyChunks, checkContentLength, smallBody } from "./body-chunks.ts";
import { fetchUrlInput } from "./fetch-input.ts";
import { checkInputName, type InputBody, type InputTarget, type RequestInputs } from "./input-target.ts";
import { readJsonInputs } from "./json-body.ts";
import { readJsonText } from "./read-json.ts";
import { essence, parameter } from "./media-type.ts";
import { readMultipart, type Part } from "./multipart.ts";
import { storeBody } from "./store-body.ts";

/** What clients send who were not told which type their bytes have. */
const untyped: ReadonlySet<string> = new Set(["application/octet-stream", "application/x-www-form-urlencoded"]);

/**
 * Reads the inputs of a request: raw bytes with a type, multipart, or JSON. Large bytes end up in temporary files
 * that are gone with the request.
 * Throws SG_HTTP_BODY, SG_HTTP_BODY_TOO_LARGE, SG_HTTP_DISABLED.
 */
export async function readInputs(exchange: Exchange, target: InputTarget): Promise<RequestInputs> {
  const contentType = exchange.incoming.headers["content-type"];
  const type = essence(contentType);
  if (type === "multipart/form-data") return fromParts(await readForm(exchange), target);
  if (type === "application/json" && !target.rawJson) {
    return readJsonInputs(await readJsonText(exchange), target, (url) => fetchUrlInput(exchange, url));
  }
  const [name, ...others] = target.names;
  if (name === undefined || others.length > 0 || target.fields.length > 0) {
    throw fail(
      "SG_HTTP_BODY",
      `This endpoint takes several fields (${[...target.fields, ...target.names].join(", ")}), which one raw body of type "${type}" cannot hold`,
      { hint: "Send multipart/form-data with one part per field, or JSON." },
    );
  }
  const filename = parameter(exchange.incoming.headers["content-disposition"], "filename");
  return { inputs: { [name]: await rawBody(exchange, type, target.isText(name)) }, fields: {}, filename };
}

async function rawBody(exchange: Exchange, type: string, isText: boolean): Promise<InputBody> {
  const { limits } = exchange.gateway.config;
  const announcedBytes = checkContentLength(exchange, limits.maxBodyBytes, "maxBodyBytes");
  const mediaType = untyped.has(type) ? "" : type;
  if (announcedBytes !== undefined && announcedBytes <= limits.memoryBodyBytes) {
    const body = await smallBody(exchange);
    // The usual text request needs no Blob. A byte order mark or another encoding is the modality's business.
    if (isText && type === "text/plain" && body[0] !== 0xef && isUtf8(body) && body.byteLength > 0)
      return body.toString("utf8");
    return new Blob([body], { type: mediaType });
  }
  return storeBody(bodyChunks(exchange, limits.maxBodyBytes, "maxBodyBytes"), {
    memoryBytes: limits.memoryBodyBytes,
    scratch: () => exchange.scratch,
    mediaType,
  });
}

/** Parts of a multipart/form-data body, in their order. Throws SG_HTTP_BODY, SG_HTTP_BODY_TOO_LARGE. */
export function readForm(exchange: Exchange): Promise<readonly Part[]> {
  const { limits } = exchange.gateway.config;
  const contentType = exchange.incoming.headers["content-type"] ?? "";
  checkContentLength(exchange, limits.maxBodyBytes, "maxBodyBytes");
  const scratch = () => exchange.scratch;
  return readMultipart(bodyChunks(exchange, limits.maxBodyBytes, "maxBodyBytes"), {
    contentType,
    maxParts: limits.maxParts,
    maxFieldBytes: limits.memoryBodyBytes,
    store: (chunks, mediaType) =>
      storeBody(chunks, {
        memoryBytes: limits.memoryBodyBytes,
        scratch,
        mediaType: untyped.has(mediaType) ? "" : mediaType,
      }),
  });
}

/** With one input, its part may have any name; with several, every part must be named after one. */
function fromParts(parts: readonly Part[], target: InputTarget): RequestInputs {
  const inputs: Record<string, InputBody> = {};
  const fields: Record<string, string> = {};
  const given = parts.filter(({ name, value }) => {
    if (!target.fields.includes(name) || typeof value !== "string") return true;
    fields[name] = value;
    return false;
  });
  const [only, ...others] = target.names;
  if (only !== undefined && others.length === 0) {
    const [part, second] = given;
    if (part === undefined)
      throw fail("SG_HTTP_BODY", "The multipart body has no part", { hint: `Send one part: curl -F "${only}=@file"` });
    if (second !== undefined)
      throw fail("SG_HTTP_BODY", `The multipart body has ${given.length} parts; this endpoint takes one`);
    return { inputs: { [only]: part.value }, fields, filename: part.filename };
  }
  for (const { name, value } of given) {
    checkInputName(name, "part", target);
    if (Object.hasOwn(inputs, name)) throw fail("SG_HTTP_BODY", `The body has two parts "${name}"`);
    inputs[name] = value;
  }
  return { inputs, fields, filename: undefined };
}
