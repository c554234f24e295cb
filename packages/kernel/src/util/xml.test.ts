import { expect, test } from "vitest";
import { parseXml } from "../../../../test/support/parse-xml.ts";
import { escapeXml, xmlAttributes } from "./xml.ts";

test("markup characters become references", () => {
  expect(escapeXml(`<a href="x">Müller & Co's</a>`)).toBe(
    "&lt;a href=&quot;x&quot;&gt;Müller &amp; Co&#39;s&lt;/a&gt;",
  );
});

test("characters XML 1.0 forbids are left out, astral ones are kept", () => {
  expect(escapeXml("a\u0000b\u0008c\uD800d\uFFFEe\u{1F600}")).toBe("abcde\u{1F600}");
});

test("white space in an attribute survives a parser's normalisation", () => {
  const source = `<a${xmlAttributes({ title: "one\ttwo\nthree", missing: undefined, count: 3 })}/>`;
  expect(source).toBe('<a title="one&#9;two&#10;three" count="3"/>');
  expect(parseXml(source).attributes["title"]).toBe("one\ttwo\nthree");
});
