import type { RasterBand } from "../modalities/raster/raster-schema.ts";
import type { StacAsset } from "./stac-schema.ts";

/** Address of an asset, relative ones resolved against its item; undefined (and noted) for what is not on the web. */
export function remoteSource(
  { href }: StacAsset,
  key: string,
  { base, skipped }: { readonly base: string | undefined; readonly skipped: Set<string> },
): RasterBand["source"] | undefined {
  const url = URL.parse(href, base);
  if (url?.protocol === "https:" || url?.protocol === "http:") return { kind: "remote", href: url.href };
  skipped.add(key);
  return undefined;
}
