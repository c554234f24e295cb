import type { Transcript } from "./transcript-schema.ts";

/** WebVTT (W3C): hours only where needed, as openai/whisper writes it; who speaks as a voice span: `<v Speaker 1>`. */
export function writeVtt({ segments }: Transcript): string {
  const cues = segments.map(
    ({ startSeconds, endSeconds, text, speaker }) =>
      `${clock(startSeconds, ".", false)} --> ${clock(endSeconds, ".", false)}\n${voice(speaker)}${cueText(text)}\n`,
  );
  return `WEBVTT\n\n${cues.map((cue) => `${cue}\n`).join("")}`;
}

/** SubRip: numbered, a comma before the milliseconds, always hours; who speaks before the text, as subtitlers do. */
export function writeSrt({ segments }: Transcript): string {
  return segments
    .map(
      ({ startSeconds, endSeconds, text, speaker }, index) =>
        `${index + 1}\n${clock(startSeconds, ",", true)} --> ${clock(endSeconds, ",", true)}\n${named(speaker)}${cueText(text)}\n\n`,
    )
    .join("");
}

/** Tab-separated values as openai/whisper writes them: start and end in whole milliseconds, text. */
export function writeTsv({ segments }: Transcript): string {
  const rows = segments.map(({ startSeconds, endSeconds, text }) =>
    [milliseconds(startSeconds), milliseconds(endSeconds), text.trim().replaceAll(/[\t\r\n]+/g, " ")].join("\t"),
  );
  return `${["start\tend\ttext", ...rows].join("\n")}\n`;
}

/** The annotation of a voice span ends with ">", and "&" begins a character reference. */
function voice(speaker: string | undefined): string {
  if (speaker === undefined) return "";
  return `<v ${oneLine(speaker).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")}>`;
}

function named(speaker: string | undefined): string {
  return speaker === undefined ? "" : `${oneLine(speaker)}: `;
}

function oneLine(name: string): string {
  return name.trim().replaceAll(/\s+/g, " ").replaceAll("-->", "->");
}

/** The arrow separates times, and an empty line ends a cue: neither may stand in a text. */
function cueText(text: string): string {
  return text
    .trim()
    .replaceAll("-->", "->")
    .replaceAll(/(?:\r?\n){2,}/g, "\n");
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}

function clock(seconds: number, separator: "," | ".", alwaysHours: boolean): string {
  const total = milliseconds(seconds);
  const digits = (value: number, width: number): string => String(value).padStart(width, "0");
  const hours = Math.floor(total / 3_600_000);
  const rest = `${digits(Math.floor(total / 60_000) % 60, 2)}:${digits(Math.floor(total / 1000) % 60, 2)}${separator}${digits(total % 1000, 3)}`;
  return alwaysHours || hours > 0 ? `${digits(hours, 2)}:${rest}` : rest;
}
