import type { Codec, CodecContext, EncodedBody } from "../contract/modality.ts";

/** Encodings of an array of items, made of those of one item: a JSON array, JSON lines, or texts one after another. */
export function streamCodecs(item: ReadonlyMap<string, Codec<unknown>>): ReadonlyMap<string, Codec<unknown>> {
  const codecs = new Map<string, Codec<unknown>>();
  const json = item.get("application/json");
  if (json?.encode !== undefined) {
    codecs.set("application/json", {
      encode: async (value, context) => `[${(await encodeItems(json, value, context)).join(",")}]`,
    });
    codecs.set("application/x-ndjson", {
      encode: async (value, context) =>
        (await encodeItems(json, value, context)).map((line) => `${line.replaceAll(/[\r\n]+/g, " ")}\n`).join(""),
    });
  }
  const text = item.get("text/plain");
  if (text?.encode !== undefined) {
    codecs.set("text/plain", {
      encode: async (value, context) => (await encodeItems(text, value, context)).map(endLine).join(""),
    });
  }
  return codecs;
}

async function encodeItems(codec: Codec<unknown>, value: unknown, context: CodecContext): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const item of Array.isArray(value) ? value : [])
    texts.push(await textOf((await codec.encode?.(item, context)) ?? ""));
  return texts;
}

async function textOf(body: EncodedBody): Promise<string> {
  return typeof body === "string" ? body : new Response(body).text();
}

function endLine(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
