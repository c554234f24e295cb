import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskText } from "../mask.ts";
import { redactOptionsSchema, sensitiveKinds } from "../redact-options.ts";
import { passesLuhn } from "./find-numbers.ts";
import { findSensitive } from "./find-sensitive.ts";
import { matchesWord } from "./find-words.ts";
import { joinFindings } from "./finding.ts";

const redacted = (text: string, options: object = {}): string => {
  const parsed = redactOptionsSchema.parse({ kinds: [...sensitiveKinds], ...options });
  return maskText(text, findSensitive(text, parsed), parsed.mask);
};

describe("what is replaced", () => {
  test.for([
    ["Write to ada.lovelace+notes@mail.example.org, please.", "Write to [email], please."],
    ["It is ada dot lovelace at example dot org or so", "It is [email] or so"],
    ["jörg@müller.de und O'Brien@example.ie", "[email] und [email]"],
    ["Call +49 (0)30 901820 or (202) 555-0143.", "Call [phone] or [phone]."],
    ["My number is 2025550143, or 555-0143.", "My number is [phone], or [phone]."],
    ["It is five five five, oh one double four three.", "It is [phone]."],
    ["call 5, 5, 5, 0, 1, 4, 3 now", "call [phone] now"],
    ["The card is 4111 1111 1111 1111, yes.", "The card is [card], yes."],
    ["4111-1111-1111-1111", "[card]"],
    ["four one one one one one one one one one one one one one one one", "[card]"],
    ["IBAN DE89 3704 0044 0532 0130 00.", "IBAN [iban]."],
    ["GB82WEST12345698765432 and fr14 2004 1010 0505 0001 3m02 606", "[iban] and [iban]"],
    ["D E 8 9 3 7 0 4 0 0 4 4 0 5 3 2 0 1 3 0 0 0", "[iban]"],
    ["Host 192.168.0.17 or 2001:db8::ff00:42:8329.", "Host [ip] or [ip]."],
    ["See https://example.org/a?b=c, or www.example.org.", "See [url], or [url]."],
    ["This fucking thing is bullshit, he said. Shit!", "This [profanity] thing is [profanity], he said. [profanity]!"],
  ] as const)("%s", ([text, expected]) => {
    expect(redacted(text)).toBe(expected);
  });

  test.for([
    "On 2024-05-12 at 10:30:00 we sold 1,234,567,890 of them for 12.500.000 or 3.14159265358.",
    "Section 12.3, room 1204, in 1999 and 2024; 12/05/2024.",
    "The order 4111 1111 1111 1112 has no check digit; 12345 neither.",
    "one two three testing; look at the dot on it",
    "IBAN DE89 3704 0044 0532 0130 02 has a wrong check digit; he said: 256.1.1.1 is none",
    "Scunthorpe, assess, cocktail, Dickens and class; a@b and @home",
    "std::face::bad at 1:2",
  ])("but not in: %s", (text) => {
    expect(redacted(text, { kinds: sensitiveKinds.filter((kind) => kind !== "phone") })).toBe(text);
  });

  test("amounts, dates and times are no telephone numbers", () => {
    const text =
      "On 2024-05-12 at 10:30:00 we sold 1,234,567,890 for 12.500.000 or 3.14159265358, 12/05/2024 20:15; in 1999.";
    expect(redacted(text)).toBe(text);
  });

  test("are the kinds that are asked for, and words of one's own always", () => {
    const text = "Falcon: ada@example.org";
    expect(redacted(text, { kinds: [] })).toBe(text);
    expect(redacted(text, { kinds: ["email"], mask: "stars" })).toBe("Falcon: ***");
    expect(redacted(text, { kinds: [], words: ["falcon"] })).toBe("[word]: ada@example.org");
  });

  test.for([
    ["Project  Falcon and falconry", ["project falcon"], "[word] and falconry"],
    ["Project Falcon and falconry", ["falcon*"], "Project [word] and [word]"],
    ["Patient MRN-123456 and mrn 12345", ["MRN-######"], "Patient [word] and mrn 12345"],
    ["ROOM 7b, room 12", ["room ??"], "[word], [word]"],
    ["Don't, don\u2019t", ["don't"], "[word], [word]"],
    ["Café, ÉCOLE", ["café", "école"], "[word], [word]"],
    ["a - b ---- b", ["a b"], "[word] ---- b"],
  ] as const)("words of one's own: %j %j", ([text, words, expected]) => {
    expect(redacted(text, { kinds: [], words })).toBe(expected);
  });

  test("is at most a mask: nothing is left of what overlaps", () => {
    expect(redacted("ada@example.org", { words: ["example org"] })).toBe("[word]");
    expect(
      joinFindings([
        { kind: "phone", start: 4, end: 9 },
        { kind: "word", start: 0, end: 5 },
        { kind: "card", start: 9, end: 10 },
      ]),
    ).toEqual([
      { kind: "phone", start: 0, end: 9 },
      { kind: "card", start: 9, end: 10 },
    ]);
  });
});

test.for([["*"], ["--"], [""], ["a".repeat(101)]])("%j is no word of one's own", (words) => {
  expect(redactOptionsSchema.safeParse({ words }).success).toBe(false);
});

test("a wildcard matches what a regular expression of the same meaning matches", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "1"), maxLength: 10 });
  const patterns = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "#"), maxLength: 6 });
  fc.assert(
    fc.property(patterns, letters, (pattern, word) => {
      const same = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".").replaceAll("#", "\\d")}$`);
      expect(matchesWord(pattern, word)).toBe(same.test(word));
    }),
  );
});

test("every card number is found however it is grouped, and no wrong one", () => {
  const grouped = fc.tuple(
    fc.array(fc.nat(9), { minLength: 12, maxLength: 18 }),
    fc.constantFrom(" ", "-", ""),
    fc.integer({ min: 3, max: 6 }),
  );
  fc.assert(
    fc.property(grouped, ([digits, gap, size]) => {
      const body = digits.join("");
      const check = Array.from({ length: 10 }, (_, digit) => `${body}${digit}`);
      const right = check.filter(passesLuhn);
      expect(right.length).toBe(1);
      const written = (number: string): string => (number.match(new RegExp(`.{1,${size}}`, "g")) ?? []).join(gap);
      expect(redacted(`Is ${written(right[0] ?? "")} it?`, { kinds: ["card"] })).toContain("[card]");
    }),
  );
});

test("findings are in order, do not overlap and lie within the text, whatever the text", () => {
  const unit = fc.constantFrom(
    ..."a b @ . - + 1 4 : ( ) , / #".split(" "),
    " ",
    "4111",
    "dot",
    " at ",
    "five ",
    "DE89",
    "::",
    "http://",
    "\u00e9",
    "\u{1F600}",
    "fuck", // prettier-ignore
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
      const options = redactOptionsSchema.parse({ kinds: [...sensitiveKinds], words: ["a* b", "#?"] });
      const findings = findSensitive(text, options);
      let end = 0;
      for (const finding of findings) {
        expect(finding.start).toBeGreaterThanOrEqual(end);
        expect(finding.end).toBeGreaterThan(finding.start);
        ({ end } = finding);
      }
      expect(end).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 500 },
  );
});

// What makes backtracking matchers hang. There is no clock here: a quadratic one would not end within the test's own limit.
test.for([
  "a",
  "@",
  "a@",
  "1 ",
  "1-",
  "4111 ",
  "a.",
  "a dot ",
  ":",
  "www.",
  "x at y dot ",
  "+",
  "(",
  "D",
  "DE12",
  "ab ",
  "http://x|!",
  "1.|:",
])("half a million of %j are read to the end", (parts) => {
  const [part = "", before = ""] = parts.split("|").toReversed();
  const text = `${before}${part.repeat(Math.ceil(500_000 / part.length))}a`;
  const options = redactOptionsSchema.parse({ kinds: [...sensitiveKinds], words: ["*a*a*a*a*a*b", "a a a a b"] });
  expect(findSensitive(text, options).length).toBeGreaterThanOrEqual(0);
});
