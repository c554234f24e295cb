import type { EventQueue, StreamEvent } from "./event-queue.ts";

/** Media type of server-sent events (WHATWG HTML, 9.2). */
export const eventStreamMediaType = "text/event-stream";

/** Events of a queue as server-sent events; a comment where nothing has happened for a while. */
export function eventStream(events: EventQueue): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const batch = await events.take();
        const text = batch.events.map(written).join("");
        if (text !== "") controller.enqueue(Buffer.from(text));
        else if (!batch.isLast) controller.enqueue(Buffer.from(": still here\n\n"));
        if (batch.isLast) controller.close();
      },
      cancel: () => events.cancel(),
    },
    { highWaterMark: 0 }, // no buffer of its own: what is not read yet is counted by the queue
  );
}

function written({ name, data }: StreamEvent): string {
  return `event: ${name}\ndata: ${data.replaceAll(/\r\n|\r|\n/g, "\ndata: ")}\n\n`;
}
