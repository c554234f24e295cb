import type { ModelFile, ModelSpec } from "@stargate/kernel";
import { fail } from "../model-errors.ts";

const digestPattern = /^[0-9a-f]{64}$/;
const protocols: readonly string[] = ["https:", "http:", "file:"];

/** Refuses a declaration that the store could not keep or check. Throws SG_MODEL_DECLARATION. */
export function checkSpec(spec: ModelSpec): void {
  if (spec.id === "" || spec.version === "") throw invalid(spec, "id and version must not be empty");
  if (spec.variants.length === 0) throw invalid(spec, "there is no variant");
  refuseTwice(
    spec,
    "variant",
    spec.variants.map(({ name }) => name),
  );
  for (const { name, quality, files } of spec.variants) {
    if (!(quality >= 0 && quality <= 1))
      throw invalid(spec, `the quality of variant "${name}" is ${quality}, not 0 to 1`);
    checkFiles(spec, files);
  }
  checkFiles(spec, spec.assets ?? []);
}

function checkFiles(spec: ModelSpec, files: readonly ModelFile[]): void {
  refuseTwice(
    spec,
    "file",
    files.map(({ name }) => name),
  );
  for (const { name, urls, sha256, sizeBytes } of files) {
    if (!isRelativePath(name))
      throw invalid(spec, `the file name "${name}" is no path inside a folder, written with "/"`);
    if (sha256 !== null && !digestPattern.test(sha256))
      throw invalid(spec, `the sha256 of "${name}" is "${sha256}", not 64 lower-case hex digits`);
    if (sizeBytes !== null && !(Number.isSafeInteger(sizeBytes) && sizeBytes > 0))
      throw invalid(spec, `the size of "${name}" is ${sizeBytes}, not a whole number of bytes`);
    for (const url of urls)
      if (!protocols.includes(URL.parse(url)?.protocol ?? ""))
        throw invalid(spec, `"${url}" of file "${name}" is no https, http or file URL`);
  }
}

/** "weights.onnx", "onnx/weights.onnx": nothing that leaves the folder it is looked for in. */
function isRelativePath(name: string): boolean {
  const isPlain = name.length > 0 && name.length <= 200 && !/[\\:\0]/.test(name);
  return isPlain && name.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function refuseTwice(spec: ModelSpec, what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(spec, `the ${what} "${twice}" stands there twice`);
}

function invalid(spec: ModelSpec, why: string): Error {
  return fail("SG_MODEL_DECLARATION", `Model "${spec.id}" ${spec.version}: ${why}`);
}
