import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ModelFile, ModelSpec, ModelVariant } from "@stargate/kernel";
import { fail } from "../model-errors.ts";
import type { FileConfig, ModelConfig } from "./model-config.ts";

/** Formats that a file's extension tells. */
const formatsByExtension: Readonly<Record<string, string>> = { ".onnx": "onnx" };

/** The part of a declaration that names files. */
type FilesConfig = Pick<ModelConfig, "path" | "urls" | "sha256" | "sizeBytes" | "files">;

/**
 * Declarations of a configuration, by id, as the store takes them. Relative paths start from `directory`. Throws
 * SG_MODEL_DECLARATION.
 */
export function modelSpecsOf(models: Readonly<Record<string, ModelConfig>>, directory: string): readonly ModelSpec[] {
  return Object.entries(models).map(([id, config]) => modelSpecOf(id, config, directory));
}

function modelSpecOf(id: string, config: ModelConfig, directory: string): ModelSpec {
  const settings = [config.settings, ...Object.values(config.variants ?? {}).map((variant) => variant.settings)];
  // It would be code that a configuration names by an address; code comes from installed adapters alone.
  if (settings.some((given) => given?.["program"] !== undefined))
    throw invalid(id, "its settings name a program; only adapters bring programs. Declare the model with the adapter");
  const variants = variantsOf(id, config, directory);
  const assets = config.assets === undefined ? [] : namedFiles(config.assets, directory);
  return {
    id,
    version: config.version,
    summary: config.summary,
    licence: config.licence,
    format: config.format ?? formatOf(id, variants),
    variants,
    ...(assets.length === 0 ? {} : { assets }),
    signature: config.signature,
    settings: config.settings,
    batching: config.batching,
  };
}

function variantsOf(id: string, config: ModelConfig, directory: string): readonly ModelVariant[] {
  if (config.variants === undefined) return [{ name: "default", quality: 1, files: filesOf(id, config, directory) }];
  if (isAnyNamed(config))
    throw invalid(id, "files stand beside variants; put each into the variant that it belongs to");
  return Object.entries(config.variants).map(([name, variant]) => ({
    name,
    quality: variant.quality,
    files: filesOf(id, variant, directory),
    devices: variant.devices,
    settings: variant.settings,
  }));
}

function filesOf(id: string, config: FilesConfig, directory: string): readonly ModelFile[] {
  const { files, path, urls, sha256, sizeBytes } = config;
  if (files !== undefined) {
    if (path !== undefined || urls !== undefined) throw invalid(id, "expected path, urls or files, only one of them");
    return namedFiles(files, directory);
  }
  if (path !== undefined && urls !== undefined) throw invalid(id, "expected path or urls, not both");
  const place = path ?? urls?.[0];
  if (place === undefined && sha256 !== undefined) throw invalid(id, "a sha256 stands there without a path or urls");
  if (place === undefined) return [];
  return [file(nameIn(place), { path, urls, sha256, sizeBytes }, directory)];
}

function namedFiles(files: Readonly<Record<string, FileConfig>>, directory: string): readonly ModelFile[] {
  return Object.entries(files).map(([name, config]) => file(name, config, directory));
}

function file(name: string, { path, urls = [], sha256, sizeBytes }: FileConfig, directory: string): ModelFile {
  return {
    name,
    urls: path === undefined ? urls : [pathToFileURL(resolve(directory, path)).href],
    sha256: sha256 ?? null,
    sizeBytes: sizeBytes ?? null,
  };
}

/** Last segment of a path or of the path of an address. */
function nameIn(place: string): string {
  const isAddress = /^(https?|file):/.test(place);
  return basename(isAddress ? decodeURIComponent(new URL(place).pathname) : place);
}

function formatOf(id: string, variants: readonly ModelVariant[]): string {
  const names = variants.flatMap(({ files }) => files.map(({ name }) => name));
  const format = names
    .map((name) => formatsByExtension[extname(name).toLowerCase()])
    .find((found) => found !== undefined);
  if (format !== undefined) return format;
  const seen = names.length === 0 ? "it has no files" : `its files are ${names.join(", ")}`;
  throw invalid(
    id,
    `the format cannot be told: ${seen}. Add format: "onnx", "open-inference" or what its backend calls it`,
  );
}

function isAnyNamed({ path, urls, files, sha256 }: FilesConfig): boolean {
  return [path, urls, files, sha256].some((field) => field !== undefined);
}

function invalid(id: string, why: string): Error {
  return fail("SG_MODEL_DECLARATION", `Model "${id}": ${why}`);
}
