import type { ModelFile, ModelSpec, StargateError } from "@stargate/kernel";
import type { FetchMode } from "./fetch-policy.ts";
import { fail } from "./model-errors.ts";

/** A file of a model, and why it is wanted. */
export interface Wanted {
  readonly spec: ModelSpec;
  /** null: an asset. */
  readonly variant: string | null;
  readonly file: ModelFile;
}

/** `File "model.onnx" of model "clip"`. */
export function describeFile({ spec, file }: Wanted): string {
  return `File "${file.name}" of model "${spec.id}"`;
}

/** The one command that makes the files of a model be here. */
function pullCommand({ spec, variant }: Pick<Wanted, "spec" | "variant">, flags = ""): string {
  const isOnly = variant === null || spec.variants.length === 1;
  return `stargate models pull ${spec.id}${isOnly ? "" : ` --variant ${variant}`}${flags}`;
}

/** No variant of a model can be used: none is here, or those that are were never accepted. */
export function noVariantHere({ id, variants }: Pick<ModelSpec, "id" | "variants">): StargateError {
  const files = variants.flatMap((variant) => variant.files);
  const isSomewhere = files.some(({ urls }) => urls.some((url) => !url.startsWith("file:")));
  const flags = files.some(({ sha256 }) => sha256 === null) ? " --accept" : "";
  return fail("SG_MODEL_ABSENT", `Model "${id}" is not on this machine`, {
    hint: isSomewhere
      ? `Run stargate models pull ${id}${flags}`
      : `Put its files into a folder that STARGATE_MODELS or models.folders names, or run stargate models load <bundle>.`,
    details: { model: id },
  });
}

export function absent(wanted: Wanted, mode: FetchMode, canFetch: boolean): StargateError {
  const { file, spec } = wanted;
  const folderHint = `Put the file as ${spec.id}/${file.name} into a folder that STARGATE_MODELS or models.folders names, or run stargate models load <bundle>.`;
  const isSomewhere = file.urls.some((url) => !url.startsWith("file:"));
  const message = `${describeFile(wanted)} is not on this machine`;
  if (!isSomewhere) return fail("SG_MODEL_ABSENT", `${message}, and no address of it is known`, { hint: folderHint });
  if (mode === "never") return fail("SG_MODEL_ABSENT", `${message}, and models.fetch is "never"`, { hint: folderHint });
  if (!canFetch) return fail("SG_MODEL_ABSENT", `${message}, and this program has no network`, { hint: folderHint });
  return fail("SG_MODEL_ABSENT", message, {
    hint: `Run ${pullCommand(wanted)}`,
  });
}

/** `actual`: what the file on this machine has, when there is one. */
export function unpinned(wanted: Wanted, actual: string | undefined): StargateError {
  const here = actual === undefined ? "" : `; the one on this machine has ${actual}`;
  const declare = actual === undefined ? "" : `Declare sha256: ${actual} for it, or run `;
  const command = pullCommand(wanted, " --accept");
  return fail("SG_MODEL_UNPINNED", `The sha256 of ${uncapitalised(describeFile(wanted))} is not known${here}`, {
    hint: `${declare === "" ? "Run " : declare}${command} to trust it from now on.`,
    details: actual === undefined ? {} : { actual },
  });
}

/** A file on this machine has other bytes than it must have. */
export interface Damage {
  readonly place: "store" | "folder";
  readonly expected: string;
  readonly actual: string;
}

export function damaged(wanted: Wanted, { place, expected, actual }: Damage, acceptedAt: string | null): StargateError {
  const since = acceptedAt === null ? "expected" : `accepted on ${acceptedAt.slice(0, 10)}`;
  const kept = place === "store" ? "It was put into quarantine." : "It is not used.";
  const message = `${describeFile(wanted)} has other bytes than it must have: sha256 ${actual}, ${since} ${expected}. ${kept}`;
  return fail("SG_MODEL_DIGEST", message, {
    hint:
      place === "store"
        ? `Run ${pullCommand(wanted)} to get it anew, and check the disk.`
        : `Replace the file in the models folder, or run ${pullCommand(wanted)}`,
    details: { expected, actual },
  });
}

function uncapitalised(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
