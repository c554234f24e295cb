import fc from "fast-check";
import { expect, test } from "vitest";
import { RequestFingerprint } from "./request-fingerprint.ts";

function fingerprint(body: string, { headers = {}, url = "/v1/convert?to=text", pieces = [body] } = {}): string {
  const incoming = { method: "POST", url, headers } as unknown as ConstructorParameters<
    typeof RequestFingerprint
  >[0]["incoming"]; // the fields it looks at
  const made = new RequestFingerprint({ incoming });
  for (const piece of pieces) made.update(Buffer.from(piece));
  return made.digest();
}

const form = (boundary: string, value: string) =>
  `--${boundary}\r\ncontent-disposition: form-data; name="a"\r\n\r\n${value}\r\n--${boundary}--\r\n`;
const formType = (boundary: string) => ({ headers: { "content-type": `multipart/form-data; boundary=${boundary}` } });

test("another body, target or media type is another request", () => {
  const one = fingerprint("a");
  expect(fingerprint("a")).toBe(one);
  expect(fingerprint("b")).not.toBe(one);
  expect(fingerprint("a", { url: "/v1/convert?to=page-text" })).not.toBe(one);
  expect(fingerprint("a", { headers: { accept: "text/plain" } })).not.toBe(one);
  expect(fingerprint("a", { headers: { "content-type": "text/plain" } })).not.toBe(one);
});

test("a form with another boundary is the same request, with another value it is not", () => {
  const one = fingerprint(form("xYz1", "value"), formType("xYz1"));
  expect(fingerprint(form("abcdefgh", "value"), formType("abcdefgh"))).toBe(one);
  expect(fingerprint(form("xYz1", "other"), formType("xYz1"))).not.toBe(one);
});

test("how a body is cut into chunks does not matter", () => {
  const body = form("bound", "value with bou and bound in it");
  const whole = fingerprint(body, formType("bound"));
  fc.assert(
    fc.property(fc.array(fc.nat(body.length), { maxLength: 12 }), (cuts) => {
      const ends = [...cuts, body.length].toSorted((a, b) => a - b);
      const pieces = ends.map((end, index) => body.slice(index === 0 ? 0 : ends[index - 1], end));
      expect(fingerprint(body, { ...formType("bound"), pieces })).toBe(whole);
    }),
    { seed: 19 },
  );
});
