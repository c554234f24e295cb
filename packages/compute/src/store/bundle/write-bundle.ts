import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { ModelFile, ModelSpec } from "@stargate/kernel";
import { cancellationOf, throwIfCancelled } from "../cancellation.ts";
import { refuseFullDisk } from "../disk-space.ts";
import { statIfThere, syncFolder } from "../files/durable-files.ts";
import { findFile } from "../find-file.ts";
import type { BundleResult } from "../managed-model-store.ts";
import { fail } from "../model-errors.ts";
import type { StoreCallOptions } from "../model-store.ts";
import type { StoreContext } from "../store-context.ts";
import { fileState, variantState } from "../variant-state.ts";
import { MANIFEST_NAME, manifestText, type BundleModel } from "./bundle-manifest.ts";
import { writeTar, type TarEntry } from "./tar-writer.ts";

interface Blob {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly path: string;
}

/**
 * Writes what of `specs` is on this machine to one tar file: whole or not at all. Fetches nothing. Throws SG_MODEL_ABSENT when
 * none of it is here, SG_MODEL_DIGEST.
 */
export async function writeBundle(
  path: string,
  specs: readonly ModelSpec[],
  call: StoreCallOptions,
  context: StoreContext,
): Promise<BundleResult> {
  const models: BundleModel[] = [];
  const blobs = new Map<string, Blob>();
  for (const spec of specs) models.push(...(await partsOf(spec, blobs, call, context)));
  if (models.length === 0)
    throw fail("SG_MODEL_ABSENT", `None of these models is on this machine: ${specs.map(({ id }) => id).join(", ")}`, {
      hint: "Run stargate models pull <name> first; stargate models list shows what is ready.",
    });
  const target = resolve(path);
  const sizeBytes = [...blobs.values()].reduce((sum, blob) => sum + blob.sizeBytes, 0);
  await refuseFullDisk(dirname(target), sizeBytes, context.freeBytes);
  const written = await writeWhole(target, writeTar(entriesOf(models, [...blobs.values()], call)), call.signal);
  return { models, ...written };
}

/** The ready variants of a model and, with the first of them, its assets. */
async function partsOf(
  spec: ModelSpec,
  blobs: Map<string, Blob>,
  { signal }: StoreCallOptions,
  context: StoreContext,
): Promise<readonly BundleModel[]> {
  const assets = spec.assets ?? [];
  const isHere = (state: string): boolean => state === "ready";
  const variants = spec.variants.filter(
    (variant) => variant.files.length > 0 && isHere(variantState(spec, variant, context)),
  );
  const hasAssets =
    assets.length > 0 && assets.every((file) => isHere(fileState({ spec, variant: null, file }, context)));
  const groups: readonly { readonly variant: string | null; readonly files: readonly ModelFile[] }[] = [
    ...variants.map(({ name, files }) => ({ variant: name, files })),
    ...(hasAssets ? [{ variant: null, files: assets }] : []),
  ];
  const parts: BundleModel[] = [];
  for (const { variant, files } of groups) {
    const listed: BundleModel["files"] = [];
    for (const file of files) {
      const found = await findFile({ spec, variant, file }, { signal, isExplicit: false }, context);
      const sizeBytes = Number((await statIfThere(found.path))?.size ?? 0n);
      blobs.set(found.sha256, { sha256: found.sha256, sizeBytes, path: found.path });
      listed.push({ name: file.name, sha256: found.sha256, sizeBytes, isPinned: file.sha256 !== null });
    }
    parts.push({ model: spec.id, version: spec.version, licence: spec.licence, variant, files: listed });
  }
  return parts;
}

function* entriesOf(
  models: readonly BundleModel[],
  blobs: readonly Blob[],
  { onProgress }: StoreCallOptions,
): Generator<TarEntry> {
  const manifest = Buffer.from(manifestText(models));
  yield { name: MANIFEST_NAME, sizeBytes: manifest.byteLength, body: [manifest] };
  for (const blob of blobs) {
    const file = models.flatMap((model) => model.files.map((entry) => ({ ...entry, model: model.model })));
    const { model = "", name = "" } = file.find(({ sha256 }) => sha256 === blob.sha256) ?? {};
    const report = (doneBytes: number): void =>
      onProgress?.({ model, file: name, doneBytes, totalBytes: blob.sizeBytes });
    yield { name: `blobs/sha256/${blob.sha256}`, sizeBytes: blob.sizeBytes, body: checkedBody(blob, report) };
  }
}

/** Bytes of a file that was verified before, and again while they are read. */
async function* checkedBody(blob: Blob, report: (doneBytes: number) => void): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let doneBytes = 0;
  for await (const chunk of createReadStream(blob.path, { highWaterMark: 512 * 1024 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    doneBytes += chunk.byteLength;
    report(doneBytes);
    yield chunk;
  }
  const actual = hash.digest("hex");
  if (actual !== blob.sha256)
    throw fail(
      "SG_MODEL_DIGEST",
      `A model file was changed while it was bundled: sha256 ${actual}, expected ${blob.sha256}`,
      {
        details: { expected: blob.sha256, actual },
      },
    );
}

async function writeWhole(
  target: string,
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  const unfinished = `${target}.${process.pid}.part`;
  const hash = createHash("sha256");
  let sizeBytes = 0;
  try {
    const handle = await open(unfinished, "wx");
    try {
      for await (const chunk of bytes) {
        throwIfCancelled(signal);
        await handle.appendFile(chunk);
        hash.update(chunk);
        sizeBytes += chunk.byteLength;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw signal.aborted ? cancellationOf(signal) : error;
  }
  return { sizeBytes, sha256: hash.digest("hex") };
}
