import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStargateError } from "../../errors/stargate-error.ts";
import { json } from "../index.ts";
import { bytesOf } from "../test-media.fixture.ts";
import { defaultJsonLimits, parseJson } from "./parse-json.ts";

const codeOf = (call: () => unknown) => {
  try {
    call();
    return "no error";
  } catch (error) {
    return isStargateError(error) ? error.code : String(error);
  }
};

describe("parseJson", () => {
  it("reads any JSON that keeps the limits", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const written = JSON.stringify(value);
        fc.pre(!written.includes('"__proto__"'));
        expect(JSON.stringify(parseJson(written))).toBe(written);
      }),
    );
  });

  it("refuses what is nested too deep, without a stack overflow", () => {
    expect(codeOf(() => parseJson(`${"[".repeat(100)}${"]".repeat(100)}`))).toBe("no error");
    expect(codeOf(() => parseJson(`${"[".repeat(101)}${"]".repeat(101)}`))).toBe("SG_INPUT_INVALID");
    expect(codeOf(() => parseJson(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`))).toMatch(/^SG_INPUT_/);
  });

  it("bounds the number of keys over all objects", () => {
    const limits = { ...defaultJsonLimits, maxKeys: 3 };
    expect(codeOf(() => parseJson('[{"a":1,"b":2},{"a":1}]', limits))).toBe("no error");
    expect(codeOf(() => parseJson('[{"a":1,"b":2},{"a":1,"b":2}]', limits))).toBe("SG_INPUT_TOO_LARGE");
  });

  it.each(['{"__proto__":1}', '[{"a":{"__proto__":{"admin":true}}}]', '{"constructor":{"prototype":{}}}'])(
    "refuses the key in %s",
    (written) => {
      expect(codeOf(() => parseJson(written))).toBe("SG_INPUT_INVALID");
    },
  );

  it("lets a constructor be a word", () => {
    expect(parseJson('{"constructor":"McLaren"}')).toEqual({ constructor: "McLaren" });
  });

  it("says where it broke, and nothing of the content", () => {
    expect(() => parseJson('{"secret": hunter2}')).toThrow(/^The text is not JSON(: syntax error at position \d+)?$/);
  });
});

describe("sniffing of JSON", () => {
  it.each([
    ['{"a": 1}', true],
    ["  [1, 2]", true],
    ["{}", true],
    ["[1] A reference in a text", false],
    ["[link](https://example.org)", false],
    ["{ key: value }", false],
    ["42", false],
  ])("%s", (written, recognised) => {
    expect(json.sniff?.(bytesOf(written), written.length) !== undefined).toBe(recognised);
  });

  it("judges a long input by its beginning", () => {
    expect(json.sniff?.(bytesOf('[{"a": "cut he'), 100_000)).toEqual({
      mediaType: "application/json",
      confidence: 0.5,
    });
  });
});
