import { fail } from "../../errors/catalog.ts";
import { fromBase64, toBase64 } from "../../util/base64.ts";
import { decodeJson } from "../json/parse-json.ts";
import { parseValue } from "../parse-value.ts";
import { floatsFromBytes, floatsToBytes } from "./float-bytes.ts";
import { pcmJsonSchema, type Pcm } from "./pcm-schema.ts";

/** Reads sound from JSON. Throws SG_INPUT_INVALID when the samples are no whole number of frames. */
export async function readPcmJson(input: Blob): Promise<Pcm> {
  const { samples: base64, ...rest } = parseValue("pcm", pcmJsonSchema, await decodeJson(input));
  const bytes = fromBase64(base64) ?? new Uint8Array(0);
  if (bytes.length % (rest.channels * Float32Array.BYTES_PER_ELEMENT) !== 0)
    throw fail("SG_INPUT_INVALID", `${bytes.length} bytes are no whole number of float32 x ${rest.channels} channels`);
  return { samples: floatsFromBytes(bytes), ...rest };
}

export function writePcmJson({ samples, ...rest }: Pcm): string {
  return JSON.stringify({ ...rest, samples: toBase64(floatsToBytes(samples)) });
}
