import fc from "fast-check";
import type { PageText } from "@stargate/kernel";

const ordinate = fc.double({ min: 0, max: 5000, noNaN: true }).map((value) => Math.abs(value));
const box = fc
  .tuple(ordinate, ordinate, ordinate, ordinate)
  .map(([a, b, c, d]): [number, number, number, number] => [
    Math.min(a, c),
    Math.min(b, d),
    Math.max(a, c),
    Math.max(b, d),
  ]);

/** Text as nasty as it comes: markup, control characters, lone surrogates, emoji, right-to-left. */
const nastyText = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc
    .array(
      fc.constantFrom(
        "<b>",
        "&amp;",
        '"',
        "'",
        "]]>",
        "\u0000",
        "\t",
        "\n",
        "\f",
        "\uD800",
        "\uDC00",
        "\uFFFF",
        "|",
        "-",
        "# ",
        "`",
        "שלום",
        "世界",
        "--",
      ),
      { maxLength: 5 },
    )
    .map((parts) => parts.join("")),
);

const unit = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => Math.abs(value));
const word = fc.record(
  { text: nastyText, box, confidence: unit, baseline: box },
  { requiredKeys: ["text", "box", "confidence"] },
);
const line = fc.record(
  { box, words: fc.array(word, { maxLength: 4 }), fontSizePixels: ordinate },
  { requiredKeys: ["box", "words"] },
);
const block = fc.record({
  kind: fc.constantFrom(
    "text" as const,
    "heading" as const,
    "list" as const,
    "table" as const,
    "caption" as const,
    "other" as const,
  ),
  box,
  lines: fc.array(line, { maxLength: 3 }),
});
const page = fc.record(
  {
    number: fc.integer({ min: 1, max: 9999 }),
    widthPixels: fc.double({ min: 1, max: 5000, noNaN: true }),
    heightPixels: fc.double({ min: 1, max: 5000, noNaN: true }),
    dpi: fc.double({ min: 36, max: 1200, noNaN: true }),
    origin: fc.constantFrom("text-layer" as const, "ocr" as const, "mixed" as const, "empty" as const),
    engine: nastyText,
    rotationDegrees: fc.constantFrom(0 as const, 90 as const, 180 as const, 270 as const),
    skewDegrees: fc.double({ min: -15, max: 15, noNaN: true }).map((value) => value + 0),
    languages: fc.array(fc.oneof(fc.constantFrom("eng", "deu", "chi_sim"), nastyText), { maxLength: 2 }),
    blocks: fc.array(block, { maxLength: 3 }),
  },
  {
    requiredKeys: [
      "number",
      "widthPixels",
      "heightPixels",
      "dpi",
      "origin",
      "rotationDegrees",
      "skewDegrees",
      "languages",
      "blocks",
    ],
  },
);

/** Any page-text value the schema allows, without `source`. */
export const arbitraryPageText: fc.Arbitrary<PageText> = fc.record({
  pages: fc.array(page, { minLength: 1, maxLength: 3 }),
  pageCount: fc.nat({ max: 2000 }),
});
