import { describe, test } from "vitest";
import { adapterChecks } from "./conformance/adapter-checks.ts";
import type { AdapterSubject } from "./conformance/adapter-subject.ts";

/**
 * The conformance suite of adapters: one test per check.
 * @example
 * describeAdapter("my adapter", {
 *   create: () => shouting(),
 *   cases: [{ name: "a word", transform: "shouting.shout", input: () => "hi", expect: (output) => expect(output).toBe("HI") }],
 * });
 */
export function describeAdapter(name: string, subject: AdapterSubject): void {
  describe(`${name} is a conforming adapter`, () => {
    for (const check of adapterChecks) test(check.title, { timeout: 300_000 }, () => check.run(subject));
  });
}
