import { link, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { chunksOf } from "../connectors/encode-delivery.ts";
import { exists, syncFolder, writeDurably } from "../connectors/durable-files.ts";
import { fail } from "../errors/job-errors.ts";
import { fileRangeOf, openFileBlob } from "../host/file-blob.ts";
import type { InputBody } from "../http/body/input-target.ts";
import type { EncodedBody } from "@stargate/kernel";
import type { KeptInput } from "./job.ts";

/** Texts up to this size stand in the database. */
const shortText = 4096;

/** Files of jobs: one folder per job, for its inputs and then for its result. */
export interface JobFiles {
  /** Takes inputs in; resolves when they are safe on disk. Gives their sizes together. */
  spool(
    id: string,
    inputs: Readonly<Record<string, InputBody>>,
  ): Promise<{ readonly inputs: Readonly<Record<string, KeptInput>>; readonly bytes: number }>;
  /** The inputs again. */
  open(id: string, inputs: Readonly<Record<string, KeptInput>>): Promise<Readonly<Record<string, InputBody>>>;
  /** Writes a file of the job, whole and safe. Gives its size. Throws SG_JOB_RESULT_TOO_LARGE. */
  write(id: string, name: string, body: EncodedBody, maxBytes: number): Promise<number>;
  read(id: string, name: string): Promise<Buffer<ArrayBuffer>>;
  /** The file as a stream that goes on to its end even when the file is removed meanwhile; undefined when there is none. */
  stream(
    id: string,
    name: string,
  ): Promise<{ readonly body: ReadableStream<Uint8Array>; readonly bytes: number } | undefined>;
  removeFile(id: string, name: string): Promise<void>;
  removeInputs(id: string, inputs: Readonly<Record<string, KeptInput>>): Promise<void>;
  remove(id: string): Promise<void>;
  /** Removes the folders of jobs that are none. */
  removeOthers(ids: ReadonlySet<string>): Promise<void>;
}

/** Opens the folder of jobs. */
export function createJobFiles(folder: string): JobFiles {
  const pathOf = (id: string, name: string): string => join(folder, id, name);
  const makeFolder = async (id: string): Promise<string> => {
    const path = join(folder, id);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  };

  return {
    async spool(id, inputs) {
      const kept: Record<string, KeptInput> = {};
      let bytes = 0;
      for (const [index, [name, input]] of Object.entries(inputs).entries()) {
        if (typeof input === "string" && input.length <= shortText) {
          kept[name] = { text: input };
          bytes += Buffer.byteLength(input);
          continue;
        }
        await makeFolder(id);
        const file = `input-${index}`;
        bytes += await keepInput(input, pathOf(id, file));
        kept[name] = typeof input === "string" ? { textFile: file } : { file, mediaType: input.type };
      }
      if (await exists(join(folder, id))) {
        await syncFolder(join(folder, id));
        await syncFolder(folder);
      }
      return { inputs: kept, bytes };
    },
    async open(id, inputs) {
      const opened: Record<string, InputBody> = {};
      for (const [name, input] of Object.entries(inputs)) {
        if ("text" in input) opened[name] = input.text;
        else if ("textFile" in input) opened[name] = await readFile(pathOf(id, input.textFile), "utf8");
        else opened[name] = await openFileBlob(pathOf(id, input.file), input.mediaType);
      }
      return opened;
    },
    async write(id, name, body, maxBytes) {
      const path = await makeFolder(id);
      try {
        const bytes = await writeDurably(join(path, name), bounded(chunksOf(body), maxBytes));
        await syncFolder(path);
        return bytes;
      } catch (error) {
        await rm(join(path, name), { force: true });
        throw error;
      }
    },
    read: (id, name) => readFile(pathOf(id, name)) as Promise<Buffer<ArrayBuffer>>, // files are never read into shared memory
    async stream(id, name) {
      const handle = await open(pathOf(id, name)).catch(() => undefined);
      if (handle === undefined) return undefined;
      const { size } = await handle.stat();
      return { body: handle.readableWebStream({ autoClose: true }) as ReadableStream<Uint8Array>, bytes: size }; // streams of files are bytes
    },
    removeFile: (id, name) => rm(pathOf(id, name), { force: true }),
    async removeInputs(id, inputs) {
      for (const input of Object.values(inputs)) {
        if ("file" in input) await rm(pathOf(id, input.file), { force: true });
        if ("textFile" in input) await rm(pathOf(id, input.textFile), { force: true });
      }
    },
    remove: (id) => rm(join(folder, id), { recursive: true, force: true }),
    async removeOthers(ids) {
      for (const name of await readdir(folder)) {
        if (!ids.has(name)) await rm(join(folder, name), { recursive: true, force: true });
      }
    },
  };
}

/** A body that is a file already gets a second name where the file system allows it; else its bytes are copied. */
async function keepInput(input: InputBody, path: string): Promise<number> {
  if (typeof input === "string") return writeDurably(path, input);
  const range = fileRangeOf(input);
  if (range?.start === 0 && range.end === input.size) {
    try {
      await link(range.path, path);
      const handle = await open(path, "r");
      await handle.sync().finally(() => handle.close());
      return input.size;
    } catch {
      // Another file system, or one without links: copied below.
      await rm(path, { force: true });
    }
  }
  return writeDurably(path, chunksOf(input));
}

async function* bounded(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes)
      throw fail("SG_JOB_RESULT_TOO_LARGE", `The result has ${bytes} bytes or more; the limit is ${maxBytes}`, {
        details: { limit: "jobs.maxResultBytes", maxBytes },
      });
    yield chunk;
  }
}
