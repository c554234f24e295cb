import type { SniffResult } from "../../contract/modality.ts";
import { asciiAt } from "../media/magic.ts";
import type { AudioMediaType } from "./audio-media-types.ts";
import { findFrames, firstFrames } from "./frame-sync.ts";
import { sniffIsoMedia } from "./sniff-iso-media.ts";

/** Recognises containers that hold sound by their signatures; those of films as films, which hold sound, too. */
export function sniffAudio(head: Uint8Array): SniffResult | undefined {
  const container = riff(head) ?? tagged(head) ?? sniffIsoMedia(head) ?? matroska(head) ?? ogg(head);
  if (container !== undefined) return { mediaType: container, confidence: 1 };
  if (isTransportStream(head)) return { mediaType: "video/mp2t", confidence: 1 };
  if (asciiAt(head, 0, "ID3") && (head[3] ?? 0xff) < 0x10 && (head[4] ?? 0xff) < 0xff)
    return { mediaType: behindId3(head), confidence: 1 };
  const first = firstFrames(head);
  if (first !== undefined) return { mediaType: first, confidence: 1 };
  // A recording cut out of a stream begins in the middle of a frame.
  const later = findFrames(head);
  return later === undefined ? undefined : { mediaType: later, confidence: 0.6 };
}

/** WAV with 32-bit sizes (RIFF), with 64-bit sizes (RF64, BW64: EBU Tech 3306), and AVI; AIFF is the same upside down. */
function riff(head: Uint8Array): AudioMediaType | undefined {
  const is = (form: string): boolean => asciiAt(head, 8, form);
  if (["RIFF", "RF64", "BW64"].some((id) => asciiAt(head, 0, id))) {
    if (is("WAVE")) return "audio/wav";
    if (is("AVI ")) return "video/x-msvideo";
  }
  return asciiAt(head, 0, "FORM") && (is("AIFF") || is("AIFC")) ? "audio/aiff" : undefined;
}

const signatures: readonly (readonly [string, AudioMediaType])[] = [
  ["fLaC", "audio/flac"],
  ["#!AMR-WB\n", "audio/amr-wb"],
  ["#!AMR-WB_MC1.0\n", "audio/amr-wb"],
  ["#!AMR\n", "audio/amr"],
  ["#!AMR_MC1.0\n", "audio/amr"],
  ["ADIF", "audio/aac"],
  [".snd\0\0\0", "audio/basic"],
  ["caff\0\u0001\0\0", "audio/x-caf"],
  ["0&²u\u008efÏ\u0011", "audio/x-ms-wma"],
  ["FLV\u0001", "video/x-flv"],
  ["\0\0\u0001º", "video/mpeg"],
];

function tagged(head: Uint8Array): AudioMediaType | undefined {
  return signatures.find(([signature]) => asciiAt(head, 0, signature))?.[1];
}

/** EBML (RFC 8794) with the DocType of WebM or Matroska; a codec id that begins with "V_" makes it a film. */
function matroska(head: Uint8Array): AudioMediaType | undefined {
  if (!asciiAt(head, 0, "\u001aEß£")) return undefined;
  const text = String.fromCharCode(...head.subarray(0, 4096)); // TextDecoder's "latin1" is windows-1252
  const film = /V_(?:VP8|VP9|AV1|MPEG|THEORA|MS\/|UNCOMPRESSED|PRORES)/.test(text);
  if (/\u0042\u0082[^]{1,8}?webm/.test(text)) return film ? "video/webm" : "audio/webm";
  return film ? "video/x-matroska" : "audio/x-matroska";
}

/** Ogg (RFC 3533): the first packet names the codec, and Theora's is a film. */
function ogg(head: Uint8Array): AudioMediaType | undefined {
  if (!asciiAt(head, 0, "OggS\0")) return undefined;
  return asciiAt(head, 28, "\u0080theora") ? "video/ogg" : "audio/ogg";
}

/** Sync bytes 188 bytes apart (ISO/IEC 13818-1, 2.4.3). */
function isTransportStream(head: Uint8Array): boolean {
  return head.length >= 188 * 3 && [0, 188, 376, 564].every((offset) => (head[offset] ?? 0x47) === 0x47);
}

/** What follows an ID3v2 tag (id3.org, 2.4.0, 3.1: size in four times seven bits), where that lies in the head. */
function behindId3(head: Uint8Array): AudioMediaType {
  const size = [6, 7, 8, 9].reduce((sum, index) => sum * 128 + ((head[index] ?? 0) & 0x7f), 0);
  const rest = head.subarray(10 + size);
  return tagged(rest) ?? firstFrames(rest) ?? "audio/mpeg";
}
