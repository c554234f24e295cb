import { join } from "node:path";
import type { ModelSpec } from "@stargate/kernel";
import { isErrorCode, namesIn } from "./files/durable-files.ts";
import { hashFile } from "./files/hash-file.ts";
import { keyOf } from "./layout.ts";
import { localPlaces } from "./local-files.ts";
import type { VerifiedFile } from "./managed-model-store.ts";
import type { StoreContext } from "./store-context.ts";

/** Reads every blob, and the files of `specs` that lie in the operator's folders, whatever was read before. */
export async function verifyStore(
  specs: readonly ModelSpec[],
  signal: AbortSignal,
  context: StoreContext,
): Promise<readonly VerifiedFile[]> {
  const results: VerifiedFile[] = [];
  for (const sha256 of await namesIn(context.layout.blobs)) results.push(await verifyBlob(sha256, signal, context));
  for (const [path, expected] of placesOf(specs, context)) results.push(await verifyPlace(path, expected, signal));
  return results;
}

async function verifyBlob(sha256: string, signal: AbortSignal, context: StoreContext): Promise<VerifiedFile> {
  const path = join(context.layout.blobs, sha256);
  const result = { ...(await verifyPlace(path, [sha256], signal)), name: `blob ${sha256}` };
  if (result.status !== "damaged") return result;
  await context.blobs.quarantine(path, sha256, "verify");
  return { ...result, message: `${result.message}; it was put into quarantine` };
}

async function verifyPlace(path: string, expected: readonly string[], signal: AbortSignal): Promise<VerifiedFile> {
  try {
    const actual = await hashFile(path, signal);
    if (expected.includes(actual)) return { name: path, status: "ok" };
    return { name: path, status: "damaged", message: `its sha256 is ${actual}, not ${expected.join(" or ")}` };
  } catch (error) {
    if (!isErrorCode(error, "EACCES", "EPERM", "EIO", "ENOENT", "EISDIR")) throw error;
    return { name: path, status: "unreadable", message: (error as Error).message };
  }
}

/** Files in the operator's folders, with the digests that any model of that name would take. */
function placesOf(
  specs: readonly ModelSpec[],
  { folders, refs }: StoreContext,
): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, readonly string[]>();
  for (const spec of specs) {
    const files = [
      ...spec.variants.flatMap(({ name, files: own }) => own.map((file) => ({ variant: name, file }))),
      ...(spec.assets ?? []).map((file) => ({ variant: null, file })),
    ];
    for (const { variant, file } of files) {
      const expected = file.sha256 ?? refs.read(keyOf(spec, variant, file.name))?.sha256;
      if (expected === undefined) continue;
      for (const path of localPlaces(folders, spec, variant, file))
        places.set(path, [...(places.get(path) ?? []), expected]);
    }
  }
  return places;
}
