/** A server-sent event as a client reads it. */
export interface ReadEvent {
  readonly name: string;
  readonly data: Record<string, unknown>;
}

/** Events of an answer, as they come (WHATWG HTML, 9.2.6, as far as the gateway uses it). */
export async function* readEvents(response: Response): AsyncGenerator<ReadEvent> {
  let rest = "";
  for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    rest += chunk;
    for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
      const lines = rest.slice(0, end).split("\n");
      rest = rest.slice(end + 2);
      const field = (name: string) =>
        lines.flatMap((line) => (line.startsWith(`${name}: `) ? [line.slice(name.length + 2)] : [])).join("\n");
      if (field("event") !== "")
        yield { name: field("event"), data: JSON.parse(field("data")) as Record<string, unknown> };
    }
  }
}

/** All events of an answer. */
export async function allEvents(response: Response): Promise<readonly ReadEvent[]> {
  return Array.fromAsync(readEvents(response));
}
