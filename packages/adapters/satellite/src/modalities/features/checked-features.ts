import { fail } from "../../satellite-errors.ts";
import type { Features, Position } from "./features-schema.ts";
import { linesOf, mapLines, positionProblem } from "./positions.ts";

/** The features with every ring closed. Throws SG_INPUT_INVALID for positions that are no degrees, and for rings of too few. */
export function checkedFeatures(collection: Features): Features {
  return {
    ...collection,
    features: collection.features.map((feature, index) => {
      const { geometry } = feature;
      if (geometry === null) return feature;
      for (const line of linesOf(geometry)) {
        for (const position of line) {
          const wrong = positionProblem(position);
          if (wrong === undefined) continue;
          throw fail("SG_INPUT_INVALID", `Feature ${index + 1}: ${wrong.problem}`, { hint: wrong.hint });
        }
      }
      const isArea = geometry.type === "Polygon" || geometry.type === "MultiPolygon";
      return isArea ? { ...feature, geometry: mapLines(geometry, (ring) => closedRing(ring, index)) } : feature;
    }),
  };
}

function closedRing(ring: readonly Position[], feature: number): readonly Position[] {
  const [first] = ring;
  const last = ring.at(-1);
  const closed = first === undefined || (first[0] === last?.[0] && first[1] === last[1]) ? ring : [...ring, first];
  if (closed.length >= 4) return closed;
  throw fail(
    "SG_INPUT_INVALID",
    `Feature ${feature + 1}: a ring of a polygon has ${closed.length} positions; it needs four`,
  );
}
