import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { encodingsOf, type EncodedBody, type Gate, type Payload } from "@stargate/kernel";
import { fail } from "../errors/server-errors.ts";

/** Media types a file name's extension may mean, likeliest first. */
const mediaTypesByExtension: Readonly<Record<string, readonly string[]>> = {
  ".txt": ["text/plain"],
  ".md": ["text/markdown"],
  ".json": ["application/json"],
  ".ndjson": ["application/x-ndjson"],
  ".pdf": ["application/pdf"],
  ".html": ["text/html", "text/vnd.hocr+html"],
  ".hocr": ["text/vnd.hocr+html", "text/html"],
  ".xml": ["application/alto+xml", "application/xml"],
  ".alto": ["application/alto+xml"],
  ".tsv": ["text/tab-separated-values"],
  ".csv": ["text/csv"],
  ".srt": ["application/x-subrip"],
  ".vtt": ["text/vtt"],
  ".rttm": ["text/x-rttm"],
  ".png": ["image/png"],
  ".jpg": ["image/jpeg"],
  ".jpeg": ["image/jpeg"],
  ".tiff": ["image/tiff"],
  ".tif": ["image/tiff"],
  ".geojson": ["application/geo+json"],
  ".kml": ["application/vnd.google-earth.kml+xml"],
  ".parquet": ["application/vnd.apache.parquet"],
};

/**
 * The modality to ask for so that the answer can be written to a file of this name: the one wanted, or, where that
 * cannot be written so, the last one on the way to it that can. Text cannot be a PDF, but the page text it is made
 * from can be a searchable one.
 */
export async function modalityForFile(gate: Gate, wanted: string, input: Blob, path: string): Promise<string> {
  const asked = mediaTypesByExtension[extname(path).toLowerCase()] ?? [];
  const fits = (modality: string) =>
    encodingsOf(gate.registry, modality).some((mediaType) => asked.includes(mediaType));
  if (asked.length === 0 || fits(wanted)) return wanted;
  const { chosen } = await gate.explain({ from: input, to: wanted });
  return chosen?.steps.findLast(({ to }) => fits(to))?.to ?? wanted;
}

/** Picks the encoding an output file's name asks for; undefined leaves it to the modality. Throws SG_CLI_USAGE. */
export function mediaTypeForFile(gate: Gate, payload: Payload, path: string): string | undefined {
  const extension = extname(path).toLowerCase();
  const available = encodingsOf(gate.registry, payload.modality, payload.value);
  const asked = mediaTypesByExtension[extension] ?? [];
  const match = asked.find((mediaType) => available.includes(mediaType));
  if (match === undefined && asked.length > 0) {
    throw fail(
      "SG_CLI_USAGE",
      `${payload.modality} cannot be written as ${extension}; it can be written as ${available.join(", ")}`,
      { hint: "Choose another extension, or name the media type with --accept." },
    );
  }
  return match;
}

/** Writes a body to a file: whole or not at all. Throws SG_CLI_FILE. */
export async function writeOutput(body: EncodedBody, path: string, directory: string): Promise<void> {
  const file = resolve(directory, path);
  const unfinished = `${file}.${process.pid}.part`;
  try {
    await pipeline(readable(body), createWriteStream(unfinished));
    await rename(unfinished, file);
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw fail("SG_CLI_FILE", `Cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

function readable(body: EncodedBody): AsyncIterable<Uint8Array | string> {
  if (typeof body === "string" || body instanceof Uint8Array) return Readable.from([body]);
  return body instanceof Blob ? body.stream() : body;
}
