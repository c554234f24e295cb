import type { StargateError } from "@stargate/kernel";
import { z } from "zod";
import { fail } from "../openai-errors.ts";
import { retryAfterMs } from "./retry-after.ts";

/** Longest part of a server's message that goes into ours. */
const maxMessageCharacters = 300;

/** OpenAI's own shape, and what llama.cpp, vLLM and FastAPI servers send instead. */
const errorBodySchema = z.union([
  z.looseObject({ error: z.looseObject({ message: z.string() }) }).transform(({ error }) => error.message),
  z.looseObject({ error: z.string() }).transform(({ error }) => error),
  z.looseObject({ message: z.string() }).transform(({ message }) => message),
  z.looseObject({ detail: z.string() }).transform(({ detail }) => detail),
]);

/** What an answer that is no success means. `body` is the text of the answer, as far as it could be read. */
export function refusal(
  server: string,
  { status, headers }: Pick<Response, "status" | "headers">,
  body: string,
  epochMs: number,
): StargateError {
  const said = `Server "${server}" answers ${status}: ${serverMessage(body)}`;
  if (status === 401 || status === 403) return fail("SG_OPENAI_KEY", said, { details: { server, status } });
  const waitMs = retryAfterMs(headers.get("retry-after"), epochMs);
  const details = { server, status, ...(waitMs !== undefined && { retryAfterSeconds: waitMs / 1000 }) };
  if (status === 429 || (status === 503 && waitMs !== undefined))
    return fail("SG_COMPUTE_OVERLOADED", said, {
      details,
      ...(waitMs !== undefined && { hint: `Send it again in ${Math.ceil(waitMs / 1000)} s.` }),
    });
  if (status === 501) return fail("SG_OPENAI_REFUSED", said, { details }); // it never will: llama.cpp without --embeddings
  if (status >= 500 || status === 408 || status === 425) return fail("SG_COMPUTE_HOST_LOST", said, { details });
  if (status >= 400) return fail("SG_OPENAI_REFUSED", said, { details });
  return fail("SG_OPENAI_ANSWER", said, { details });
}

/** The message in an error body, on one line and of bounded length. */
export function serverMessage(body: string): string {
  const parsed = errorBodySchema.safeParse(parseOrUndefined(body));
  const text = (parsed.success ? parsed.data : body).replaceAll(/[\s\p{Control}]+/gu, " ").trim();
  if (text === "") return "no message";
  return text.length > maxMessageCharacters ? `${text.slice(0, maxMessageCharacters)}...` : text;
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // plain text or HTML: taken as it is
  }
}
