import { createFakeClock } from "@stargate/kernel/testing";
import { describe, expect, test } from "vitest";
import { EventQueue, type EventQueueOptions } from "./event-queue.ts";
import { eventStream } from "./event-stream.ts";

function open(options: Partial<EventQueueOptions> = {}) {
  const clock = createFakeClock();
  const events = new EventQueue({ clock, ...options });
  const reader = eventStream(events).getReader();
  const decoder = new TextDecoder();
  /** The next chunk as text; undefined at the end. */
  const read = async (): Promise<string | undefined> => {
    const { done, value } = await reader.read();
    return done ? undefined : decoder.decode(value);
  };
  return { clock, events, reader, read };
}
const progress = (done: number) => ({ name: "progress", data: `{"done":${done}}`, key: "progress" });

describe("events", () => {
  test("are written with their names, in order, and end with the last", async () => {
    const { events, read } = open();
    events.send({ name: "step-start", data: '{"step":"read"}' });
    events.end({ name: "answer", data: '{"text":\n"two lines"}' });
    events.send({ name: "late", data: "{}" });
    expect(await read()).toBe(
      'event: step-start\ndata: {"step":"read"}\n\nevent: answer\ndata: {"text":\ndata: "two lines"}\n\n',
    );
    expect(await read()).toBeUndefined();
  });

  test("reach a reader who waits, as they come", async () => {
    const { events, read, clock } = open();
    const first = read();
    await clock.advance(1);
    events.send(progress(1));
    expect(await first).toBe('event: progress\ndata: {"done":1}\n\n');
    expect(clock.pendingTimers).toBe(0);
  });

  test("are told to live while nothing happens", async () => {
    const { events, read, clock } = open({ heartbeatMs: 100 });
    const first = read();
    await clock.advance(99);
    const second = first.then(read);
    await clock.advance(1);
    expect(await first).toBe(": still here\n\n");
    events.end({ name: "answer", data: "{}" });
    expect(await second).toBe("event: answer\ndata: {}\n\n");
  });
});

describe("a client that reads slowly", () => {
  test("gets the last of several events that replace one another", async () => {
    const { events, read } = open();
    for (let done = 0; done < 1000; done++) events.send(progress(done));
    events.send({ name: "segment-end", data: "{}" });
    expect(await read()).toBe('event: progress\ndata: {"done":999}\n\nevent: segment-end\ndata: {}\n\n');
  });

  test("is told how many events it has missed, and gets the last in any case", async () => {
    const { events, read } = open({ maxPendingBytes: 100 });
    for (let index = 0; index < 30; index++) events.send({ name: "segment-end", data: "x".repeat(10) });
    events.end({ name: "answer", data: "y".repeat(1000) });
    const text = (await read()) ?? "";
    expect(text.match(/event: segment-end/g)).toHaveLength(10);
    expect(text.slice(text.indexOf("event: dropped"))).toBe(
      `event: dropped\ndata: {"events":20}\n\nevent: answer\ndata: ${"y".repeat(1000)}\n\n`,
    );
  });

  test("holds back who sends what must arrive", async () => {
    const { events, read, clock } = open({ roomyBytes: 2, maxPendingBytes: 1 });
    let sent = 0;
    const sending = (async () => {
      for (; sent < 5; sent++) await events.sendAwaited({ name: "item", data: String(sent) });
    })();
    await clock.advance(1);
    expect(sent).toBe(1); // the second is on its way
    let text = "";
    while (!text.includes("data: 4")) text += await read();
    await sending;
    expect(text).toBe([0, 1, 2, 3, 4].map((item) => `event: item\ndata: ${item}\n\n`).join(""));
  });

  test("that goes away holds nobody back", async () => {
    const { events, reader } = open({ roomyBytes: 1 });
    const sending = events.sendAwaited({ name: "item", data: "0" });
    await reader.cancel();
    await sending;
    await events.sendAwaited({ name: "item", data: "1" });
    events.send(progress(1));
    events.end({ name: "answer", data: "{}" });
    expect(await reader.read()).toEqual({ done: true, value: undefined });
  });
});
