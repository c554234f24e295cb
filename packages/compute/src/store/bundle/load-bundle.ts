import { createHash } from "node:crypto";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { throwIfCancelled } from "../cancellation.ts";
import { refuseFullDisk } from "../disk-space.ts";
import { createOwnerTag } from "../files/process-tag.ts";
import type { LoadResult } from "../managed-model-store.ts";
import { fail } from "../model-errors.ts";
import type { StoreCallOptions } from "../model-store.ts";
import type { StoreContext } from "../store-context.ts";
import {
  MANIFEST_NAME,
  MAX_MANIFEST_BYTES,
  parseManifest,
  type BundleManifest,
  type BundleModel,
} from "./bundle-manifest.ts";
import { readTar, type TarFile } from "./tar-reader.ts";

export interface LoadOptions extends StoreCallOptions {
  readonly isAccepted: boolean;
}

/**
 * Takes the models of a bundle into the store. Every blob is hashed before it gets its place, in whatever order files
 * come. Throws SG_MODEL_BUNDLE, SG_MODEL_DIGEST; what was taken before stays, it was whole.
 */
export async function loadBundle(
  chunks: AsyncIterable<Uint8Array>,
  options: LoadOptions,
  context: StoreContext,
): Promise<LoadResult> {
  let manifest: BundleManifest | undefined;
  const seen = new Set<string>();
  let newBlobs = 0;
  for await (const file of readTar(chunks)) {
    throwIfCancelled(options.signal);
    const sha256 = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(file.name)?.[1];
    if (file.name === MANIFEST_NAME) manifest = parseManifest(await textOf(file));
    else if (sha256 === undefined)
      throw fail("SG_MODEL_BUNDLE", `The archive holds "${file.name}", which is no part of a bundle`);
    else {
      if (await takeBlob(file, sha256, options, context)) newBlobs += 1;
      seen.add(sha256);
    }
  }
  if (manifest === undefined) throw fail("SG_MODEL_BUNDLE", `The archive has no ${MANIFEST_NAME}: it is no bundle`);
  await refuseGaps(manifest, seen, context);
  await writeRefs(manifest, options.isAccepted, context);
  return { models: manifest.models, newBlobs, unaccepted: options.isAccepted ? [] : unpinnedOf(manifest.models) };
}

async function textOf({ name, sizeBytes, body }: TarFile): Promise<string> {
  if (sizeBytes > MAX_MANIFEST_BYTES) throw fail("SG_MODEL_BUNDLE", `The ${name} of the bundle has ${sizeBytes} bytes`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** Whether the blob was not here before. */
async function takeBlob(
  file: TarFile,
  sha256: string,
  { signal, onProgress }: LoadOptions,
  { layout, blobs, freeBytes }: StoreContext,
): Promise<boolean> {
  const isHere = await blobs.has(sha256);
  await mkdir(layout.temporary, { recursive: true });
  if (!isHere) await refuseFullDisk(layout.root, file.sizeBytes, freeBytes);
  const path = join(layout.temporary, createOwnerTag());
  const hash = createHash("sha256");
  let doneBytes = 0;
  try {
    const handle = await open(path, "wx");
    try {
      for await (const chunk of file.body) {
        throwIfCancelled(signal);
        hash.update(chunk);
        if (!isHere) await handle.appendFile(chunk);
        doneBytes += chunk.byteLength;
        onProgress?.({ model: "bundle", file: sha256.slice(0, 12), doneBytes, totalBytes: file.sizeBytes });
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    const actual = hash.digest("hex");
    if (actual !== sha256)
      throw fail(
        "SG_MODEL_DIGEST",
        `A file of the bundle has other bytes than its manifest says: sha256 ${actual}, expected ${sha256}`,
        {
          hint: "Copy the bundle again, or write it again with stargate models bundle. Nothing of this file was kept.",
          details: { expected: sha256, actual },
        },
      );
    if (!isHere) await blobs.admit(path, sha256);
    return !isHere;
  } finally {
    await rm(path, { force: true });
  }
}

async function refuseGaps(manifest: BundleManifest, seen: ReadonlySet<string>, { blobs }: StoreContext): Promise<void> {
  for (const { model, files } of manifest.models)
    for (const { name, sha256 } of files)
      if (!seen.has(sha256) && !(await blobs.has(sha256)))
        throw fail("SG_MODEL_BUNDLE", `The bundle names file "${name}" of model "${model}" and does not hold it`);
}

async function writeRefs(
  { models }: BundleManifest,
  isAccepted: boolean,
  { refs, clock }: StoreContext,
): Promise<void> {
  const acceptedAt = new Date(clock.epochMs()).toISOString();
  for (const { model, version, variant, files } of models)
    for (const { name, sha256, sizeBytes, isPinned } of files) {
      const before = refs.read({ model, version, variant, file: name });
      if (!isPinned && !isAccepted && before !== undefined) continue; // what was accepted here stays so
      await refs.write({
        model,
        version,
        variant,
        file: name,
        sha256,
        sizeBytes,
        source: "bundle",
        acceptedAt: isPinned || !isAccepted ? null : acceptedAt,
      });
    }
}

function unpinnedOf(models: readonly BundleModel[]): readonly string[] {
  const names = models.filter(({ files }) => files.some(({ isPinned }) => !isPinned)).map(({ model }) => model);
  return [...new Set(names)];
}
