import type { ModelListing, PulledModel } from "@stargate/compute";
import { formatBytes } from "../../config/byte-size.ts";

/** One line per variant, in columns. */
export function formatListing(models: readonly ModelListing[]): string {
  const rows = models.map((listing) => [
    listing.state,
    `${listing.model} ${listing.version}`,
    listing.variant,
    listing.sizeBytes === null ? "?" : formatBytes(listing.sizeBytes),
    `${listing.licence}${listing.isPinned ? "" : ", no sha256"}`,
    listing.summary,
  ]);
  const widths = rows.reduce<readonly number[]>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    [],
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join("");
}

/** A model that was pulled, and where each of its files is. */
export function formatPulled({ model, version, variant, licence, files }: PulledModel): string {
  const lines = files.map(({ name, sha256, place, path, isNew, isAccepted }) => {
    const where = place === "folder" ? `in place, ${path}` : isNew ? "downloaded" : "was here";
    return `  ${name}  sha256 ${sha256}${isAccepted ? " (accepted)" : ""}, ${where}\n`;
  });
  return `${model} ${version} ${variant} is ready (${licence})\n${lines.join("")}`;
}
