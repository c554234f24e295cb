import { expect, test } from "vitest";
import { readEvent } from "./whisper-gateway.ts";

test("a server-sent event is its name and its data; a comment is none", () => {
  expect(readEvent('event: progress\ndata: {"done":1}')).toEqual([{ name: "progress", data: { done: 1 } }]);
  expect(readEvent(": still here")).toEqual([]);
});
