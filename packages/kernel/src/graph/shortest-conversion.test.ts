import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defineAdapter } from "../define/define-adapter.ts";
import { defineModality } from "../define/define-modality.ts";
import { defineTransform } from "../define/define-transform.ts";
import { many } from "../define/many.ts";
import { createRegistry } from "../registry/create-registry.ts";
import type { ResolvedPort } from "./compiled-graph.ts";
import { portText, resolvePort } from "./port-text.ts";
import { describeConversion, findShortestConversion, type Conversion } from "./shortest-conversion.ts";

const modalities = ["a", "b", "c", "d"].map((id) =>
  defineModality({ id, summary: id, schema: z.string(), measure: "none", codecs: {} }),
);
const ports = modalities.flatMap((modality) => [modality, many(modality)]);
const port = fc.constantFrom(...ports);

function registryOf(pairs: readonly (readonly [(typeof ports)[number], (typeof ports)[number]])[]) {
  const transforms = pairs.map(([from, to], index) =>
    defineTransform({
      id: `test.t${index}`,
      version: "1.0.0",
      summary: "Test",
      from,
      to,
      coverage: "whole",
      run: () => "" as never,
    }),
  );
  return createRegistry([defineAdapter({ spec: 1, id: "test", version: "1.0.0", summary: "Test", transforms })]);
}

/** Ports that one transform, or one transform mapped over items, makes of a port. */
function neighbours(
  from: ResolvedPort,
  pairs: readonly (readonly [ResolvedPort, ResolvedPort])[],
): readonly ResolvedPort[] {
  return pairs.flatMap(([takes, makes]) => {
    if (takes.modality !== from.modality) return [];
    if (takes.many === from.many) return [makes];
    return from.many && !makes.many ? [{ ...makes, many: true }] : [];
  });
}

/** Fewest steps by trying every way of up to eight: there are no more than eight ports. */
function bruteForce(
  from: ResolvedPort,
  to: ResolvedPort,
  pairs: readonly (readonly [ResolvedPort, ResolvedPort])[],
): number | undefined {
  let reached = [from];
  for (let steps = 0; steps <= 8; steps++) {
    if (reached.some((one) => portText(one) === portText(to))) return steps;
    reached = [
      ...new Map(reached.flatMap((one) => neighbours(one, pairs)).map((one) => [portText(one), one])).values(),
    ];
  }
  return undefined;
}

describe("findShortestConversion", () => {
  test("finds a way of the length that trying all of them finds, and none where there is none", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(port, port), { maxLength: 10 }), port, port, (pairs, from, to) => {
        const resolved = pairs.map(([takes, makes]) => [resolvePort(takes), resolvePort(makes)] as const);
        const request = { from: resolvePort(from), to: resolvePort(to), mappable: false };
        const found = findShortestConversion(request, registryOf(pairs));
        expect(found?.hops.length).toBe(bruteForce(request.from, request.to, resolved));
      }),
      { numRuns: 500 },
    );
  });

  test("a consumer that could be mapped takes the stream of its items", () => {
    const [a, b] = modalities as [(typeof modalities)[0], (typeof modalities)[0]];
    const registry = registryOf([[a, many(b)]]);
    const request = { from: resolvePort(a), to: resolvePort(b) };
    const conversion = findShortestConversion({ ...request, mappable: true }, registry);
    expect(describeConversion(conversion as Conversion)).toBe("insert: test.t0 (a -> many(b)) then map");
    expect(findShortestConversion({ ...request, mappable: false }, registry)).toBeUndefined();
  });
});
