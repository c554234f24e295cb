import { join } from "node:path";
import type { ModelSpec } from "@stargate/kernel";

/** One file of a declared model: of a variant, or, with `variant: null`, an asset. */
export interface FileKey {
  readonly model: string;
  readonly version: string;
  readonly variant: string | null;
  readonly file: string;
}

/** Where everything lies in the folder of a store. Complete files are named after their content and never change. */
export interface StoreLayout {
  readonly root: string;
  /** blobs/sha256/<hex>: whole files. */
  readonly blobs: string;
  blob(sha256: string): string;
  /** refs/<model>/<version>/...: which blob a declared file was found to be, and whether that was accepted. */
  readonly refs: string;
  ref(key: FileKey): string;
  /** partials/<key>,<owner>: downloads that are not finished. */
  readonly partials: string;
  /** leases/<owner>/<hex>: blobs that a process uses. */
  readonly leases: string;
  /** Blobs whose bytes were wrong, for whoever wants to know why. */
  readonly quarantine: string;
  /** tmp/<owner>: small files on their way to their place. */
  readonly temporary: string;
}

export function createLayout(root: string): StoreLayout {
  const blobs = join(root, "blobs", "sha256");
  const refs = join(root, "refs");
  return {
    root,
    blobs,
    blob: (sha256) => join(blobs, sha256),
    refs,
    ref({ model, version, variant, file }) {
      const place = variant === null ? ["assets"] : ["variants", encodeName(variant)];
      return join(refs, encodeName(model), encodeName(version), ...place, `${encodeName(file)}.json`);
    },
    partials: join(root, "partials"),
    leases: join(root, "leases"),
    quarantine: join(root, "quarantine"),
    temporary: join(root, "tmp"),
  };
}

/** The key of a file of `spec`. */
export function keyOf(spec: ModelSpec, variant: string | null, file: string): FileKey {
  return { model: spec.id, version: spec.version, variant, file };
}

/** Any name as one path segment that is neither "." nor "..". */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll("*", "%2A").replace(/^\./, "%2E");
}
