import type { AnyModality } from "../contract/modality.ts";
import { audio } from "./audio/audio.ts";
import { bytes } from "./bytes.ts";
import { detections } from "./detections/detections.ts";
import { document } from "./document.ts";
import { embedding } from "./embedding/embedding.ts";
import { image } from "./image.ts";
import { invoice } from "./invoice/invoice.ts";
import { json } from "./json/json.ts";
import { pageText } from "./page-text/page-text.ts";
import { pcm } from "./pcm/pcm.ts";
import { pixels } from "./pixels/pixels.ts";
import { speakerTurns } from "./speaker-turns/speaker-turns.ts";
import { speechSegments } from "./speech-segments/speech-segments.ts";
import { table } from "./table/table.ts";
import { text } from "./text/text.ts";
import { transcript } from "./transcript/transcript.ts";

export {
  audio,
  bytes,
  detections,
  document,
  embedding,
  image,
  invoice,
  json,
  pageText,
  pcm,
  pixels,
  speakerTurns,
  speechSegments,
  table,
  text,
  transcript,
};

/** The shared vocabulary, which every registry holds. Earlier ones win where bytes are recognised as several. */
export const sharedModalities: readonly AnyModality[] = [
  document,
  image,
  audio,
  pageText,
  invoice,
  embedding,
  detections,
  transcript,
  speechSegments,
  speakerTurns,
  table,
  json,
  text,
  pixels,
  pcm,
  bytes,
];
