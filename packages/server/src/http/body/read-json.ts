import { isUtf8 } from "node:buffer";
import { formatProblems, schemaProblems } from "@stargate/kernel";
import type { z } from "zod";
import { fail } from "../../errors/server-errors.ts";
import type { Exchange } from "../exchange.ts";
import { bodyChunks, checkContentLength } from "./body-chunks.ts";
import { parseJson } from "./json-body.ts";

/** The text of a JSON body. Throws SG_HTTP_BODY, SG_HTTP_BODY_TOO_LARGE. */
export async function readJsonText(exchange: Exchange): Promise<string> {
  const { maxJsonBytes } = exchange.gateway.config.limits;
  checkContentLength(exchange, maxJsonBytes, "maxJsonBytes");
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodyChunks(exchange, maxJsonBytes, "maxJsonBytes")) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (!isUtf8(body)) throw fail("SG_HTTP_BODY", "The JSON body is not UTF-8");
  return body.toString("utf8");
}

/** A JSON body of the shape a route takes. Throws SG_HTTP_BODY with every field that does not fit. */
export async function readJsonBody<Schema extends z.ZodType>(
  exchange: Exchange,
  schema: Schema,
): Promise<z.output<Schema>> {
  return parseBody(await readJsonText(exchange), schema);
}

/** The text of a JSON body as the shape a route takes. Throws SG_HTTP_BODY with every field that does not fit. */
export function parseBody<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> {
  const value = parseJson(text);
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw fail("SG_HTTP_BODY", `The body does not fit: ${formatProblems(schemaProblems(parsed.error, schema, value))}`);
  return parsed.data;
}
