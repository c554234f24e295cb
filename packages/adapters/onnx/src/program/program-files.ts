import type { ModelSource } from "@stargate/kernel/backend";
import type { ProgramSettings } from "../onnx-options.ts";

/** Files of a model for its program: all but its parts. */
export function programFiles({ files }: ModelSource, { parts }: ProgramSettings): Readonly<Record<string, Blob>> {
  const partFiles = new Set(Object.values(parts));
  return Object.fromEntries(Object.entries(files).filter(([name]) => !partFiles.has(name)));
}
