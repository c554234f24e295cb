import type { JsonObject } from "@stargate/kernel";
import { z } from "zod";
import { fail } from "../../errors/server-errors.ts";
import { checkAccept } from "../accept.ts";
import type { InputTarget } from "../body/input-target.ts";
import { readInputs } from "../body/read-inputs.ts";
import type { Exchange } from "../exchange.ts";
import { runExchange } from "../run-exchange.ts";

const anyInput: InputTarget = { names: ["input"], isText: () => false, rawJson: false, fields: [] };
const anyRawInput: InputTarget = { ...anyInput, rawJson: true };

const optionsSchema = z.record(z.string(), z.record(z.string(), z.json()));

/** `POST /v1/convert?to=<modality>[&from=<modality>][&with=<options as JSON>]`: the gate finds the way. */
export async function convert(exchange: Exchange): Promise<Response> {
  const { registry } = exchange.gateway.gate;
  const to = exchange.query("to");
  if (to === undefined) {
    throw fail("SG_HTTP_MALFORMED", "The query has no `to`: the modality wanted", {
      hint: `Add ?to=<modality>, one of: ${registry.modalities.map(({ id }) => id).join(", ")}.`,
    });
  }
  registry.modality(to); // refuses an unknown one before the body is read
  checkAccept(exchange, to);
  const from = exchange.query("from");
  if (from !== undefined) registry.modality(from);
  const options = transformOptions(exchange.query("with"));
  const { inputs, filename } = await readInputs(exchange, from === undefined ? anyInput : anyRawInput);
  return runExchange(exchange, {
    pipeline: "",
    inputs,
    goal: { to, with: options },
    as: from,
    filename,
  });
}

function transformOptions(text: string | undefined): Record<string, JsonObject> | undefined {
  if (text === undefined) return undefined;
  const parsed = optionsSchema.safeParse(parseOrUndefined(text));
  if (!parsed.success)
    throw fail("SG_HTTP_MALFORMED", "The query's `with` is not a JSON object of options by transform id", {
      hint: 'Write with={"ocr.read":{"languages":["eng"]}}, percent-encoded.',
    });
  return parsed.data as Record<string, JsonObject>; // z.json() types undefined properties away; same values
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // reported by the caller, in the query's terms
  }
}
