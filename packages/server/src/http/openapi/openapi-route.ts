import type { Gateway } from "../../gateway/gateway.ts";
import type { Exchange } from "../exchange.ts";
import { buildOpenApi } from "./document.ts";

/** Documents by gateway and whether keys are asked for, which can change while it runs. */
const documents = new WeakMap<Gateway, { readonly keys: boolean; readonly text: string }>();

/** `GET /openapi.json`. */
export function openApiDocument(exchange: Exchange): Response {
  const { gateway } = exchange;
  let document = documents.get(gateway);
  if (document?.keys !== gateway.access.required)
    documents.set(gateway, (document = { keys: gateway.access.required, text: JSON.stringify(buildOpenApi(gateway)) }));
  return exchange.respond(200, document.text, "application/json");
}
