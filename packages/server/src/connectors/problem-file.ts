import { rename } from "node:fs/promises";
import { join } from "node:path";
import { exists, replaceDurably, syncFolder } from "./durable-files.ts";

/** Why an item was put aside. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * Puts a file aside into `folder` with `<name>.problem.json` beside it. The reason is written first: a file in there
 * never lacks one. Doing it again after a crash in between gives the same two files.
 */
export async function putAside(path: string, folder: string, name: string, problem: Problem): Promise<string> {
  let free = name;
  for (let number = 2; await exists(join(folder, free)); number += 1) free = `${number}-${name}`;
  await replaceDurably(join(folder, `${free}.problem.json`), `${JSON.stringify(problem, undefined, 2)}\n`);
  await rename(path, join(folder, free));
  await syncFolder(folder);
  return free;
}
