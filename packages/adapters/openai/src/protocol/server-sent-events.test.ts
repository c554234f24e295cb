import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventData } from "./server-sent-events.ts";

async function dataOf(bytes: Uint8Array, cuts: readonly number[] = []): Promise<string[]> {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  async function* chunks() {
    for (const [index, start] of edges.slice(0, -1).entries()) yield bytes.subarray(start, edges[index + 1]);
  }
  return Array.fromAsync(eventData(chunks()));
}
const encode = (text: string) => new TextEncoder().encode(text);

describe("events", () => {
  test.for([
    ["one", "data: a\n\n", ["a"]],
    ["without the space", "data:a\n\n", ["a"]],
    ["with two spaces, one of which is the data's", "data:  a\n\n", [" a"]],
    ["of several lines", "data: a\ndata: b\n\n", ["a\nb"]],
    ["with comments and other fields", ": ping\nevent: x\nid: 1\ndata: a\nretry: 5\n\n", ["a"]],
    ["with nothing but comments", ": ping\n\n: ping\n\n", []],
    ["after a byte order mark", "\ufeffdata: a\n\n", ["a"]],
    ["with empty data", "data\n\ndata:\n\n", ["", ""]],
    ["ended by CR and CRLF", "data: a\r\rdata: b\r\n\r\n", ["a", "b"]],
    ["ended by CR at the end of the stream", "data: a\r\r", ["a"]],
    ["cut short by the end of the stream", "data: a\n\ndata: b\n", ["a"]],
    ["cut short inside a line", "data: a\n\ndata: b", ["a"]],
  ] as const)("%s", async ([, text, expected]) => {
    expect(await dataOf(encode(text))).toEqual(expected);
  });

  test("are the same wherever the bytes are cut", async () => {
    const line = fc.string({ unit: fc.constantFrom("a", "ß", "😀", ":", " ", "\u2028") });
    const newline = fc.constantFrom("\n", "\r", "\r\n");
    await fc.assert(
      fc.asyncProperty(fc.array(line), newline, fc.array(fc.nat()), async (values, end, cuts) => {
        const bytes = encode(values.map((value) => `data: ${value}${end}${end}`).join(""));
        expect(
          await dataOf(
            bytes,
            cuts.map((cut) => cut % (bytes.length + 1)),
          ),
        ).toEqual(values);
      }),
    );
  });
});
