import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CodecContext } from "../contract/modality.ts";
import { isStargateError } from "../errors/stargate-error.ts";
import { document, pageText } from "../modalities/index.ts";
import { createRegistry } from "../registry/create-registry.ts";
import { parseAccept, preferenceFor } from "./accept.ts";
import { encodePayload, encodingsOf, negotiateEncoding } from "./negotiate.ts";

const registry = createRegistry([]);
const context: CodecContext = {
  signal: new AbortController().signal,
  offload: () => Promise.reject(new TypeError("no offload here")),
};
const errorOf = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    return isStargateError(error) ? { code: error.code, message: error.message } : error;
  }
  return undefined;
};

describe("Accept", () => {
  it.each([
    ["text/plain;format=flowed", 1],
    ["text/plain", 0.7],
    ["text/html", 0.3],
    ["image/jpeg", 0.5],
    ["text/plain;format=fixed", 0.4],
    ["text/html;level=3", 0.3],
  ])("gives %s the quality of the table in RFC 9110, 12.5.1", (mediaType, quality) => {
    const header = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5";
    expect(preferenceFor(mediaType, parseAccept(header))?.quality).toBe(quality);
  });

  it.each([
    ["a quoted comma", 'text/plain;a="x,y";q=0.5, text/csv', ["text/plain", "text/csv"]],
    ["what is not a range", "text, /plain, text/plain;q=2, text/csv;q=0.1234, application/json", ["application/json"]],
    ["nothing", "", []],
    ["capitals", "Text/PLAIN;Q=1.0", ["text/plain"]],
  ])("copes with %s", (_what, header, types) => {
    expect(parseAccept(header).map(({ type, subtype }) => `${type}/${subtype}`)).toEqual(types);
  });

  it("never throws", () => {
    const soup = fc.string({
      unit: fc.constantFrom("text", "/", "*", ";", ",", "q", "=", "0.5", '"', "\\", " "),
      maxLength: 40,
    });
    fc.assert(
      fc.property(soup, (header) => {
        expect(parseAccept(header).every(({ quality }) => quality >= 0 && quality <= 1)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("negotiateEncoding", () => {
  const own = encodingsOf(registry, "page-text");

  it.each([
    [undefined, own[0]],
    ["", own[0]],
    ["*/*", own[0]],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", own[0]],
    ["text/markdown", "text/markdown"],
    ["text/markdown;q=0.5, text/plain;q=0.9", "text/plain"],
    ["text/plain; charset=UTF-8", "text/plain"],
    ["*/*, text/markdown", "text/markdown"],
    ["text/plain, application/json;q=0", "text/plain"],
    ["application/alto+xml;q=0.1, image/*", "application/alto+xml"],
  ])("answers %j with %s", (accept, mediaType) => {
    expect(negotiateEncoding(registry, pageText, accept)).toBe(mediaType);
  });

  it("leaves out what is refused by q=0, even behind a wildcard", () => {
    expect(negotiateEncoding(registry, "page-text", `${own[0] ?? ""};q=0, */*`)).toBe(own[1]);
  });

  it.each(["image/png", "text/plain;q=0", "text/plain;charset=utf-16", "nonsense"])(
    "refuses %s and says what there is",
    (accept) => {
      expect(errorOf(() => negotiateEncoding(registry, "text", accept))).toEqual({
        code: "SG_OUTPUT_NOT_ACCEPTABLE",
        message: `text cannot be written as "${accept}"; it can be written as text/plain, text/markdown`,
      });
    },
  );

  it("offers only what the very value can be written as", () => {
    const value = { blob: new Blob(["x"]), mediaType: "image/png" };
    expect(encodingsOf(registry, document, value)).toEqual(["image/png"]);
    expect(negotiateEncoding(registry, document, "*/*", value)).toBe("image/png");
    expect(errorOf(() => negotiateEncoding(registry, document, "application/pdf", value))).toMatchObject({
      code: "SG_OUTPUT_NOT_ACCEPTABLE",
    });
  });
});

describe("encodePayload", () => {
  const encode = (modality: string, value: unknown, mediaType: string) =>
    encodePayload(registry, { modality, value }, mediaType, context);

  it("writes a payload", async () => {
    expect(await encode("json", { a: [1] }, "application/json")).toBe('{"a":[1]}');
  });

  it("writes the items of a stream one after another", async () => {
    expect(encodingsOf(registry, "many(json)")).toEqual(["application/json", "application/x-ndjson"]);
    expect(await encode("many(json)", [{ a: 1 }, "x"], "application/json")).toBe('[{"a":1},"x"]');
    expect(await encode("many(json)", [{ a: 1 }, "x"], "application/x-ndjson")).toBe('{"a":1}\n"x"\n');
    expect(await encode("many(text)", ["one", "two\n"], "text/plain")).toBe("one\ntwo\n");
  });

  it("refuses an encoding there is not", async () => {
    await expect(encode("text", "x", "image/png")).rejects.toMatchObject({ code: "SG_OUTPUT_NOT_ACCEPTABLE" });
    await expect(
      encode("document", { blob: new Blob(["x"]), mediaType: "image/png" }, "application/pdf"),
    ).rejects.toMatchObject({
      message: "This document cannot be written as application/pdf; it can be written as image/png",
    });
  });
});
