import type { Clock, GatedFetch } from "@stargate/kernel";
import type { Blobs } from "./blobs.ts";
import type { DownloadLimits } from "./download/download-file.ts";
import type { FetchPolicy } from "./fetch-policy.ts";
import type { VerifiedFiles } from "./files/verified-files.ts";
import type { StoreLayout } from "./layout.ts";
import type { Leases } from "./leases.ts";
import type { Refs } from "./refs.ts";
import type { SpecCatalogue } from "./spec/spec-catalogue.ts";

/** What the parts of a model store share. */
export interface StoreContext {
  readonly catalogue: SpecCatalogue;
  readonly layout: StoreLayout;
  readonly folders: readonly string[];
  readonly policy: FetchPolicy;
  /** Prefix of an address -> what to try in its place first. */
  readonly mirrors: Readonly<Record<string, string>>;
  readonly limits: DownloadLimits;
  readonly fetch: GatedFetch | undefined;
  readonly clock: Clock;
  readonly freeBytes: (folder: string) => Promise<number>;
  readonly blobs: Blobs;
  readonly refs: Refs;
  readonly leases: Leases;
  readonly verified: VerifiedFiles;
}
