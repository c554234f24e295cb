import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fail } from "../errors/server-errors.ts";
import { openFileBlob } from "../host/file-blob.ts";
import type { Terminal } from "./terminal.ts";

/** Opens a file named on the command line, without reading it; "-" reads stdin whole. Throws SG_CLI_FILE. */
export async function openInput(path: string, terminal: Terminal): Promise<Blob> {
  if (path === "-") return readAll(terminal.stdin);
  const file = resolve(terminal.directory, path);
  const stats = await stat(file).catch((cause: unknown) => {
    throw fail("SG_CLI_FILE", `There is no file ${path}`, { cause });
  });
  if (!stats.isFile()) throw fail("SG_CLI_FILE", `${path} is not a file`);
  return openFileBlob(file);
}

async function readAll(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<Blob> {
  const read: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return new Blob(read);
}
