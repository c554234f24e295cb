import type { Alert, AlertVerification } from "./alert-schema.ts";

/**
 * An alert of this run with what the known alerts at its place bring along: earliest dates, what a person has said, the
 * batch that found it, and where it comes from. `owners` are the known alerts it continues, oldest first (none: it is new);
 * `parent` is the known alert of which it is a smaller part.
 */
export function inheritAlert(alert: Alert, owners: readonly Alert[], parent: Alert | undefined, batch: string): Alert {
  const [oldest, ...merged] = owners;
  const origin = oldest ?? parent;
  if (origin === undefined) return alert;
  const older = owners.map(({ properties }) => properties);
  const firstBatch = origin.properties.firstBatch;
  return {
    ...alert,
    properties: {
      ...alert.properties,
      firstSeen: earliest([alert.properties, ...older].map(({ firstSeen }) => firstSeen)) ?? alert.properties.firstSeen,
      confirmed: earliest([alert.properties, ...older].map(({ confirmed }) => confirmed)),
      firstBatch,
      status: firstBatch === batch ? "new" : "known",
      mergedFrom: [
        ...new Set([...older.flatMap(({ mergedFrom }) => mergedFrom), ...merged.map(({ id }) => id)]),
      ].toSorted(),
      splitFrom: oldest === undefined ? origin.id : oldest.properties.splitFrom,
      verified: latest(older.map(({ verified }) => verified)),
    },
  };
}

/** Earliest date of those there are. */
function earliest(dates: readonly (string | null)[]): string | null {
  return dates.filter((date) => date !== null).toSorted()[0] ?? null;
}

/** What was said last. */
function latest(verifications: readonly (AlertVerification | null)[]): AlertVerification | null {
  return (
    verifications.filter((said) => said !== null).toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0] ?? null
  );
}
