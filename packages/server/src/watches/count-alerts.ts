import type { Features } from "../composition-root.ts";

/** Alerts that stand, and their area. */
export interface AlertCount {
  readonly alerts: number;
  readonly hectares: number;
}

/** Counts alerts that later observations bear out and nobody has rejected. */
export function countAlerts({ features }: Features): AlertCount {
  const standing = features.filter(
    ({ properties }) =>
      properties?.["current"] === true &&
      (properties["verified"] as { readonly verdict?: string } | null)?.verdict !== "rejected", // our own file
  );
  return {
    alerts: standing.length,
    hectares: standing.reduce((sum, { properties }) => sum + Number(properties?.["areaHectares"] ?? 0), 0),
  };
}
