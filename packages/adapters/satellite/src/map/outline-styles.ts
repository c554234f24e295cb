import type { Feature } from "../modalities/features/features-schema.ts";
import { type Color, type LineStyle } from "./canvas.ts";
import { parseColor } from "./color-ramps.ts";

/** How outlines are drawn: told apart by stroke as well as by colour. */
export const outlineStyles = {
  high: { label: "Alert, high confidence", color: "#ff2e88", dash: undefined },
  low: { label: "Alert, low confidence", color: "#ff9f1c", dash: 6 },
  rejected: { label: "Alert, rejected", color: "#9e9e9e", dash: 3 },
  place: { label: "Area", color: "#ffffff", dash: undefined },
} as const;

export type OutlineStyle = keyof typeof outlineStyles;

export function outlineStyleOf({ properties }: Feature): OutlineStyle {
  const verified = properties?.["verified"];
  if (
    verified !== null &&
    typeof verified === "object" &&
    "verdict" in verified &&
    verified["verdict"] === "rejected"
  ) {
    return "rejected";
  }
  const confidence = properties?.["confidence"];
  return confidence === "high" || confidence === "low" ? confidence : "place";
}

/** Strokes from the lowest to the uppermost: a dark edge makes any colour stand out on any ground. */
export function strokesOf(style: OutlineStyle): readonly LineStyle[] {
  const { color, dash } = outlineStyles[style];
  const edge: Color = [20, 20, 20];
  const own = { color: parseColor(color), width: 2, ...(dash === undefined ? {} : { dash }) };
  return [{ color: edge, width: 4 }, own];
}
