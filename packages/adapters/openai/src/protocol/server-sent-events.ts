import { fail } from "../openai-errors.ts";

/** A line longer than this comes from no server that streams tokens. */
const maxLineCharacters = 16 * 2 ** 20;

/**
 * The `data` of every event of a text/event-stream (WHATWG HTML, 9.2.6), wherever the bytes were cut into chunks. An
 * event that the end of the stream cuts short is left out, as the standard says. Throws SG_OPENAI_ANSWER.
 */
export async function* eventData(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of lines(chunks)) {
    if (line === "") {
      if (data.length > 0) yield data.join("\n");
      data = [];
      continue;
    }
    const colon = line.indexOf(":");
    const [field, value] = colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1)];
    if (field === "data") data.push(value.startsWith(" ") ? value.slice(1) : value);
  }
}

/** Lines end with CR, LF or CRLF; what stands behind the last end is no line. */
async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    // A CR at the end may be the first half of a CRLF.
    const ready = rest.endsWith("\r") ? rest.slice(0, -1) : rest;
    const parts = ready.split(/\r\n|\n|\r/);
    rest = (parts.pop() ?? "") + rest.slice(ready.length);
    if (rest.length > maxLineCharacters)
      throw fail("SG_OPENAI_ANSWER", `The server's stream has a line of more than ${maxLineCharacters} characters`);
    yield* parts;
  }
  if (rest.endsWith("\r")) yield rest.slice(0, -1);
}
