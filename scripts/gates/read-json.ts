import { readFileSync } from "node:fs";

/** Reads a JSON file of this repository, whose shape the caller states. */
export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
