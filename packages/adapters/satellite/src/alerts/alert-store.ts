import { didYouMean, formatProblems, schemaProblems } from "@stargate/kernel";
import type { Features } from "../modalities/features/features-schema.ts";
import { fail } from "../satellite-errors.ts";
import { type Alert, alertSchema, type AlertVerification } from "./alert-schema.ts";

/** Alerts as a GeoJSON collection, their members always in the same order: what `alerts.geojson` holds. */
export function alertFeatures(alerts: readonly Alert[]): Features {
  return { type: "FeatureCollection", features: alerts.map((alert) => alertSchema.parse(alert)) };
}

/**
 * Alerts of a collection: the way back. Throws SG_INPUT_INVALID for a feature that is no alert, and for an id that occurs
 * twice.
 */
export function alertsOf({ features }: Features): readonly Alert[] {
  const ids = new Set<string>();
  return features.map((feature, index) => {
    const { data, error } = alertSchema.safeParse(feature);
    if (data === undefined) {
      const problems = formatProblems(schemaProblems(error, alertSchema, feature));
      throw fail("SG_INPUT_INVALID", `Feature ${index + 1} is no alert: ${problems}`);
    }
    if (ids.has(data.id)) throw fail("SG_INPUT_INVALID", `Alert ${data.id} is there twice`);
    ids.add(data.id);
    return data;
  });
}

/**
 * The alerts, one of them with what a person found there. It stays through later runs. The id may be an older one that has
 * been merged. Throws SG_INPUT_INVALID when there is no such alert.
 */
export function verifyAlert(
  alerts: readonly Alert[],
  id: string,
  verified: AlertVerification | null,
): readonly Alert[] {
  const target =
    alerts.find((alert) => alert.id === id) ?? alerts.find(({ properties }) => properties.mergedFrom.includes(id));
  if (target === undefined) {
    const ids = alerts.map((alert) => alert.id);
    throw fail("SG_INPUT_INVALID", `There is no alert "${id}"${didYouMean(id, ids)}`);
  }
  return alerts.map((alert) =>
    alert === target ? { ...alert, properties: { ...alert.properties, verified } } : alert,
  );
}
