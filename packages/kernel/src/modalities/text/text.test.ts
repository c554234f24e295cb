import { describe, expect, it } from "vitest";
import { isStargateError } from "../../errors/stargate-error.ts";
import { text } from "../index.ts";
import { decodeText } from "./decode-text.ts";

const utf16 = (value: string, little: boolean) => {
  const view = new DataView(new ArrayBuffer(2 + value.length * 2));
  view.setUint16(0, 0xfeff, little);
  for (let index = 0; index < value.length; index++) view.setUint16(2 + index * 2, value.charCodeAt(index), little);
  return new Blob([view.buffer]);
};

describe("text", () => {
  it.each([
    ["UTF-8", new Blob(["Grüße 🌍"])],
    ["UTF-8 with a byte order mark", new Blob(["\ufeffGrüße 🌍"])],
    ["UTF-16 little-endian", utf16("Grüße 🌍", true)],
    ["UTF-16 big-endian", utf16("Grüße 🌍", false)],
  ])("reads %s", async (_encoding, blob) => {
    expect(await decodeText(blob)).toBe("Grüße 🌍");
  });

  it("refuses bytes that are not text instead of replacing them", async () => {
    const error: unknown = await decodeText(new Blob([Uint8Array.of(0x47, 0xfc, 0xdf)])).catch(
      (thrown: unknown) => thrown,
    );
    expect(isStargateError(error) && [error.code, error.message]).toEqual([
      "SG_INPUT_CORRUPT",
      "The bytes are not UTF-8 text",
    ]);
  });

  it.each([
    ["a character cut at the end of the head", Uint8Array.of(0x47, 0xc3), 0.2],
    ["UTF-16 with a mark", new Uint8Array([0xff, 0xfe, 0x47, 0]), 0.3],
    ["a zero byte", Uint8Array.of(0x47, 0, 0x47), undefined],
    ["Latin-1", Uint8Array.of(0x47, 0xfc, 0x47), undefined],
    ["nothing", new Uint8Array(0), undefined],
  ])("recognises text: %s", (_what, head, confidence) => {
    expect(text.sniff?.(head, 5000)?.confidence).toBe(confidence);
  });
});
