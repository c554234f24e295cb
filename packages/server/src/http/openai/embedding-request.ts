import { z } from "zod";
import type { ItemParts } from "../../embeddings/embed-batch.ts";
import { fail } from "../../errors/embedding-errors.ts";
import { fail as failRequest } from "../../errors/server-errors.ts";
import { decodeDataUrl, isDataUrl } from "../body/data-url.ts";
import { fetchUrlInput } from "../body/fetch-input.ts";
import { readJsonBody } from "../body/read-json.ts";
import type { Exchange } from "../exchange.ts";

/** OpenAI's own fields, and `combine`. `input` is looked at item by item. */
const requestSchema = z.strictObject({
  input: z.unknown().optional(),
  model: z.string().min(1).optional(),
  dimensions: z.int().min(1).optional(),
  encoding_format: z.enum(["float", "base64"]).default("float"),
  /** One more embedding, of all items together. Default: when there are texts and images. */
  combine: z.boolean().optional(),
  /** Taken and ignored, as OpenAI documents it for its own purposes. */
  user: z.string().optional(),
});

/** A request for embeddings, with its items as they can be worked on. */
export interface EmbeddingRequest extends Omit<z.infer<typeof requestSchema>, "input" | "user"> {
  readonly items: readonly (ItemParts | Error)[];
  /** Modalities among the items. */
  readonly kinds: readonly string[];
}

const itemSchema = z
  .strictObject({ text: z.string().optional(), image: z.string().optional() })
  .refine(({ text, image }) => text !== undefined || image !== undefined);

/**
 * Reads a request for embeddings. An item that is not understood is an error in its place; a body that is not, and
 * token numbers, refuse the request. Throws SG_HTTP_BODY, SG_HTTP_BODY_TOO_LARGE, SG_EMBEDDING_TOKENS.
 */
export async function readEmbeddingRequest(exchange: Exchange): Promise<EmbeddingRequest> {
  const { input, user: _user, ...request } = await readJsonBody(exchange, requestSchema);
  const given: readonly unknown[] = Array.isArray(input) ? input : [input];
  if (input === undefined || given.length === 0)
    throw failRequest("SG_HTTP_BODY", input === undefined ? "The body has no `input`" : "`input` is an empty list", {
      hint: 'Send {"input": "text"} or {"input": ["text", {"image": "data:..."}]}.',
      details: { param: "input" },
    });
  const { maxBatchItems } = exchange.gateway.config.limits;
  if (given.length > maxBatchItems)
    throw failRequest(
      "SG_HTTP_BODY",
      `\`input\` has ${given.length} items; the limit is ${maxBatchItems} (limits.maxBatchItems)`,
      { hint: "Send the items in several requests.", details: { param: "input" } },
    );
  if (isTokens(given) || given.some(isTokens))
    throw fail("SG_EMBEDDING_TOKENS", "`input` holds token numbers, not text", { details: { param: "input" } });
  const items = given.map((item, index) => itemOf(exchange, item, index));
  const kinds = [...new Set(items.flatMap((item) => (item instanceof Error ? [] : Object.keys(item))))];
  return { ...request, items, kinds };
}

function isTokens(item: unknown): boolean {
  return Array.isArray(item) && item.length > 0 && item.every((part) => typeof part === "number");
}

function itemOf(exchange: Exchange, item: unknown, index: number): ItemParts | Error {
  const place = `input[${index}]`;
  if (typeof item === "string") return { text: () => item };
  const parsed = itemSchema.safeParse(item);
  if (!parsed.success) return fail("SG_EMBEDDING_ITEM", `${place} is ${describe(item)}`, { details: { param: place } });
  const { text, image } = parsed.data;
  return {
    ...(image !== undefined && { image: () => imageOf(exchange, image, place) }),
    ...(text !== undefined && { text: () => text }),
  };
}

function imageOf(exchange: Exchange, image: string, place: string): Blob | Promise<Blob> {
  if (isDataUrl(image)) return decodeDataUrl(image, `${place}.image`);
  if (/^https?:\/\//i.test(image)) return fetchUrlInput(exchange, image);
  throw fail("SG_EMBEDDING_ITEM", `${place}.image is neither a data URL nor an address`, {
    hint: 'Write "data:image/png;base64,...", or an https address where the operator allows addresses.',
    details: { param: place },
  });
}

function describe(item: unknown): string {
  if (item === null) return "null";
  if (Array.isArray(item)) return "a list";
  if (typeof item !== "object") return `a ${typeof item}`;
  const fields = Object.keys(item).slice(0, 5);
  return fields.length === 0 ? "an empty object" : `an object with ${fields.join(", ")}`;
}
