import { fail } from "../../audio-errors.ts";

/** How samples lie in a WAV file, and where. */
export interface WavHeader {
  /** WAVE_FORMAT tag, that of the sub-format for WAVE_FORMAT_EXTENSIBLE: 1 integers, 3 floats, others are compressed. */
  readonly format: number;
  readonly channels: number;
  readonly sampleRateHz: number;
  readonly bitsPerSample: number;
  /** Bytes of one sample of every channel. */
  readonly frameBytes: number;
  /** Speaker positions, one bit per channel (WAVEFORMATEXTENSIBLE, dwChannelMask); 0 when the file does not say. */
  readonly channelMask: number;
  readonly dataStart: number;
  /** Bytes of samples that the header promises; undefined when it was written before anybody knew. */
  readonly dataBytes: number | undefined;
  /** Bytes behind the samples that are no chunk: samples, too, when the header was never brought up to date. */
  readonly strayBytes: number;
}

type Format = Omit<WavHeader, "dataStart" | "dataBytes" | "strayBytes">;

const EXTENSIBLE = 0xfffe;
const UNKNOWN_SIZE = 0xffffffff;

/** What SoX, GStreamer and others write from here on when they do not know the length yet. */
const PLACEHOLDER_SIZE = 0x7ffff000;

/** Bytes that a look at something takes. */
const LOOK_BYTES = 4096;

/** Chunks before the samples that are looked at: a file has a handful. */
const MAX_CHUNKS = 1000;

/**
 * Reads the header of a WAV file: RIFF, or RF64 and BW64 with 64-bit sizes (EBU Tech 3306, ITU-R BS.2088). Touches the
 * head of each chunk only. Throws SG_INPUT_CORRUPT.
 */
export async function readWavHeader(blob: Blob): Promise<WavHeader> {
  let format: Format | undefined;
  let longDataBytes: number | undefined;
  for (let offset = 12, count = 0; count < MAX_CHUNKS && offset + 8 <= blob.size; count++) {
    const chunk = new DataView(await blob.slice(offset, offset + 8 + 40).arrayBuffer());
    const id = String.fromCharCode(...new Uint8Array(chunk.buffer, 0, 4));
    const size = chunk.getUint32(4, true);
    if (id === "data") {
      if (format === undefined) throw damaged(`its samples come before their format`);
      const dataStart = offset + 8;
      const isPlaceholder = size >= PLACEHOLDER_SIZE && size < UNKNOWN_SIZE && dataStart + size > blob.size;
      const stated = size === UNKNOWN_SIZE ? longDataBytes : isPlaceholder ? undefined : dataBytes(size);
      return { ...format, dataStart, dataBytes: stated, strayBytes: await strayBytes(blob, dataStart, stated) };
    }
    if (id === "fmt ") format = readFormat(new DataView(chunk.buffer, 8), size);
    if (id === "ds64" && chunk.byteLength >= 24) longDataBytes = dataBytes(Number(chunk.getBigUint64(16, true)));
    offset += 8 + size + (size % 2);
  }
  throw damaged("it has no samples");
}

async function strayBytes(blob: Blob, dataStart: number, dataBytes: number | undefined): Promise<number> {
  if (dataBytes === undefined) return 0;
  const end = dataStart + dataBytes;
  const start = end + (end % 2);
  if (start + 8 > blob.size) return 0;
  const next = new DataView(await blob.slice(start, start + 8).arrayBuffer());
  const id = new Uint8Array(next.buffer, 0, 4);
  const isChunk = id.every((byte) => byte >= 0x20 && byte < 0x7f) && start + 8 + next.getUint32(4, true) <= blob.size;
  return isChunk || (await isFilling(blob, start)) ? 0 : blob.size - end;
}

/** Whether what follows is zeros, as far as three looks at it tell: room that a recorder reserved. */
async function isFilling(blob: Blob, start: number): Promise<boolean> {
  for (const share of [0, 0.5, 1]) {
    const at = Math.max(start, Math.floor(start + (blob.size - start - LOOK_BYTES) * share));
    const bytes = new Uint8Array(await blob.slice(at, at + LOOK_BYTES).arrayBuffer());
    if (bytes.some((byte) => byte !== 0)) return false;
  }
  return true;
}

/** Recorders that stream write 0 and mean that they do not know. */
function dataBytes(size: number): number | undefined {
  return size === 0 || !Number.isSafeInteger(size) ? undefined : size;
}

function readFormat(view: DataView, size: number): Format {
  if (view.byteLength < 16 || size < 16) throw damaged("its format is cut");
  const tag = view.getUint16(0, true);
  const extensible = tag === EXTENSIBLE && size >= 40 && view.byteLength >= 40;
  const header = {
    format: extensible ? view.getUint16(24, true) : tag,
    channels: view.getUint16(2, true),
    sampleRateHz: view.getUint32(4, true),
    frameBytes: view.getUint16(12, true),
    bitsPerSample: view.getUint16(14, true),
    channelMask: extensible ? view.getUint32(20, true) : 0,
  };
  if (header.channels === 0 || header.sampleRateHz === 0 || header.frameBytes === 0)
    throw damaged(
      `its format says ${header.channels} channels, ${header.sampleRateHz} Hz, ${header.frameBytes} bytes per sample`,
    );
  return header;
}

function damaged(what: string): Error {
  return fail("SG_INPUT_CORRUPT", `The WAV file is damaged: ${what}`);
}
