import { digestJson } from "@stargate/kernel";
import { fetchBlob } from "./download/fetch-blob.ts";
import { mayFetch } from "./fetch-policy.ts";
import { statIfThere } from "./files/durable-files.ts";
import { keyOf } from "./layout.ts";
import { localPlaces } from "./local-files.ts";
import type { StoreCallOptions } from "./model-store.ts";
import { absent, damaged, describeFile, unpinned, type Damage, type Wanted } from "./refusals.ts";
import type { Ref } from "./refs.ts";
import type { StoreContext } from "./store-context.ts";

export interface FindOptions extends StoreCallOptions {
  /** The operator asked for this very model, now: it may be fetched unless nothing may. */
  readonly isExplicit: boolean;
  /**
   * What to do with a file whose digest nobody declared. "first": trust what is there now, unless other bytes were
   * accepted before. "renew": forget what was accepted before. Absent: what the policy says.
   */
  readonly accept?: "first" | "renew" | undefined;
}

/** A file on this machine with the bytes it must have, read and hashed. */
export interface FoundFile {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly place: "store" | "folder";
  /** Its digest is not declared but was accepted. */
  readonly isAccepted: boolean;
  /** It was not here before. */
  readonly isNew: boolean;
}

/**
 * Finds a file in the store, in the operator's folders, or at its addresses when that is allowed. Throws
 * SG_MODEL_ABSENT, SG_MODEL_UNPINNED, SG_MODEL_DIGEST and what a download throws.
 */
export async function findFile(wanted: Wanted, options: FindOptions, context: StoreContext): Promise<FoundFile> {
  const { spec, variant, file } = wanted;
  if (file.sha256 !== null) return findKnown(wanted, file.sha256, null, options, context);
  const before = context.refs.read(keyOf(spec, variant, file.name));
  const isRemembered = before !== undefined && before.acceptedAt !== null && options.accept !== "renew";
  if (isRemembered) return findKnown(wanted, before.sha256, before.acceptedAt, options, context);
  return acceptFile(wanted, before, options, context);
}

async function findKnown(
  wanted: Wanted,
  expected: string,
  acceptedAt: string | null,
  options: FindOptions,
  context: StoreContext,
): Promise<FoundFile> {
  const isAccepted = acceptedAt !== null;
  const name = wanted.file.name;
  const inStore = await lookInStore(expected, options.signal, context);
  if (inStore.path !== undefined)
    return { name, path: inStore.path, sha256: expected, place: "store", isAccepted, isNew: false };
  const inFolder = await lookInFolders(wanted, expected, options.signal, context);
  if (inFolder.path !== undefined)
    return { name, path: inFolder.path, sha256: expected, place: "folder", isAccepted, isNew: false };
  const damage = inStore.damage ?? inFolder.damage;
  const urls = addressesOf(wanted, options.isExplicit, context);
  if (urls.length === 0) {
    if (damage !== undefined) throw damaged(wanted, damage, acceptedAt);
    throw absent(wanted, context.policy.mode, context.fetch !== undefined);
  }
  await download(wanted, { urls, expected, acceptedAt, forgotten: undefined }, options, context);
  const arrived = await lookInStore(expected, options.signal, context);
  if (arrived.path === undefined)
    throw damaged(wanted, arrived.damage ?? { place: "store", expected, actual: "gone" }, acceptedAt);
  return { name, path: arrived.path, sha256: expected, place: "store", isAccepted, isNew: true };
}

/** Takes a file nobody declared a digest of for what it must be, when the operator says so. */
async function acceptFile(
  wanted: Wanted,
  before: Ref | undefined,
  options: FindOptions,
  context: StoreContext,
): Promise<FoundFile> {
  const { spec, variant, file } = wanted;
  const { refs, policy, clock } = context;
  const here = await unpinnedHere(wanted, before, options.signal, context);
  if (options.accept === undefined && !policy.accept.includes(spec.id)) throw unpinned(wanted, here?.sha256);
  const acceptedAt = new Date(clock.epochMs()).toISOString();
  if (here !== undefined) {
    await refs.write({ ...keyOf(spec, variant, file.name), ...here, acceptedAt });
    return findKnown(wanted, here.sha256, acceptedAt, options, context);
  }
  const urls = addressesOf(wanted, options.isExplicit, context);
  if (urls.length === 0) throw absent(wanted, policy.mode, context.fetch !== undefined);
  const forgotten = before?.sha256;
  const sha256 = await download(wanted, { urls, expected: null, acceptedAt, forgotten }, options, context);
  return { ...(await findKnown(wanted, sha256, acceptedAt, options, context)), isNew: true };
}

/** The bytes that are on this machine under the file's name: in a folder, or from a bundle and not yet accepted. */
async function unpinnedHere(
  { spec, variant, file }: Wanted,
  before: Ref | undefined,
  signal: AbortSignal,
  { folders, verified, blobs }: StoreContext,
): Promise<Pick<Ref, "sha256" | "sizeBytes" | "source"> | undefined> {
  for (const source of localPlaces(folders, spec, variant, file)) {
    const sha256 = await verified.digest(source, signal);
    if (sha256 !== undefined) return { sha256, sizeBytes: Number((await statIfThere(source))?.size ?? 0n), source };
  }
  const isLoaded = before !== undefined && before.acceptedAt === null && (await blobs.has(before.sha256));
  return isLoaded ? { sha256: before.sha256, sizeBytes: before.sizeBytes, source: before.source } : undefined;
}

interface Download {
  readonly urls: readonly string[];
  readonly expected: string | null;
  readonly acceptedAt: string | null;
  /** Digest that was accepted before, and is no answer now. */
  readonly forgotten: string | undefined;
}

function download(
  wanted: Wanted,
  { urls, expected, acceptedAt, forgotten }: Download,
  { signal, onProgress }: FindOptions,
  context: StoreContext,
): Promise<string> {
  const { spec, variant, file } = wanted;
  const { refs, blobs, fetch } = context;
  const key = keyOf(spec, variant, file.name);
  if (fetch === undefined) throw absent(wanted, context.policy.mode, false);
  return fetchBlob(
    {
      what: describeFile(wanted),
      key: expected ?? `unpinned-${digestJson({ ...key }).slice(-32)}`,
      urls,
      sha256: expected,
      sizeBytes: file.sizeBytes,
      signal,
      onBytes: (doneBytes, totalBytes) => onProgress?.({ model: spec.id, file: file.name, doneBytes, totalBytes }),
      async isThere() {
        const known = expected ?? refs.read(key)?.sha256;
        return known !== undefined && known !== forgotten && (await blobs.has(known)) ? known : undefined;
      },
      onArrived: (blob) =>
        refs.write({
          ...key,
          sha256: blob.sha256,
          sizeBytes: blob.sizeBytes,
          acceptedAt,
          source: new URL(blob.url).host,
        }),
    },
    { ...context, fetch },
  );
}

interface Look {
  readonly path?: string;
  readonly damage?: Damage;
}

/** A blob with other bytes than its name says is put aside. */
async function lookInStore(
  expected: string,
  signal: AbortSignal,
  { blobs, layout, leases, verified }: StoreContext,
): Promise<Look> {
  if (!(await blobs.has(expected))) return {};
  await leases.take(expected); // before it is read, so that nobody's gc takes it away now
  const path = layout.blob(expected);
  const actual = await verified.digest(path, signal);
  if (actual === expected) return { path };
  if (actual === undefined) return {};
  await blobs.quarantine(path, expected, actual);
  return { damage: { place: "store", expected, actual } };
}

async function lookInFolders(
  { spec, variant, file }: Wanted,
  expected: string,
  signal: AbortSignal,
  { folders, verified }: StoreContext,
): Promise<Look> {
  let damage: Damage | undefined;
  for (const path of localPlaces(folders, spec, variant, { ...file, sha256: expected })) {
    const actual = await verified.digest(path, signal);
    if (actual === expected) return { path };
    if (actual !== undefined) damage ??= { place: "folder", expected, actual };
  }
  return damage === undefined ? {} : { damage };
}

/** Addresses that may be asked now: those of mirrors first. */
export function addressesOf({ spec, file }: Wanted, isExplicit: boolean, context: StoreContext): readonly string[] {
  if (context.fetch === undefined || !mayFetch(context.policy, spec, isExplicit)) return [];
  const urls = file.urls.filter((url) => !url.startsWith("file:"));
  const mirrored = Object.entries(context.mirrors).flatMap(([prefix, replacement]) =>
    urls.filter((url) => url.startsWith(prefix)).map((url) => `${replacement}${url.slice(prefix.length)}`),
  );
  return [...mirrored, ...urls];
}
