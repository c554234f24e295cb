/** A list people still read. */
const READABLE_TYPES = 8;
/** Types of one family that are named in a longer one. */
const NAMED_TYPES = 6;

/**
 * Media types for the sentence "Send ...": all of a few, and of many the first of each family:
 * "audio (wav, mpeg, mp4, ogg, webm, flac ...) or video (mp4 ...)". `mediaTypes`: the usual ones first.
 */
export function acceptedText(mediaTypes: readonly string[]): string {
  if (mediaTypes.length <= READABLE_TYPES) return `one of ${mediaTypes.toSorted().join(", ")}`;
  const families = Map.groupBy(mediaTypes, (mediaType) => mediaType.split("/")[0] ?? "");
  return [...families].map(([family, types]) => `${family} (${subtypes(types)})`).join(" or ");
}

function subtypes(mediaTypes: readonly string[]): string {
  const names = mediaTypes.slice(0, NAMED_TYPES).map((mediaType) => mediaType.split("/")[1] ?? "");
  return `${names.join(", ")}${mediaTypes.length > NAMED_TYPES ? " ..." : ""}`;
}
