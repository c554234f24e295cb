import { fail } from "../../errors/catalog.ts";
import { parseValue } from "../parse-value.ts";
import { speakerTurnsSchema, type SpeakerTurn, type SpeakerTurns } from "./speaker-turns-schema.ts";

/** Fields of a line that are read here, of the ten that the format has. */
const TYPE = 0;
const FILE = 1;
const ONSET = 3;
const DURATION = 4;
const NAME = 7;
const CONFIDENCE = 8;
const ABSENT = "<NA>";

/** Milliseconds, as scorers print them. */
const DIGITS = 3;

/**
 * Rich Transcription Time Marked (NIST, "The 2009 RT evaluation plan", appendix A): a SPEAKER line for each turn. Names
 * have no spaces there: "Speaker 1" becomes "Speaker_1".
 */
export function writeRttm({ turns }: SpeakerTurns): string {
  return turns
    .map(({ startSeconds, endSeconds, speaker, confidence }) =>
      [
        "SPEAKER",
        "recording",
        1,
        startSeconds.toFixed(DIGITS),
        (endSeconds - startSeconds).toFixed(DIGITS),
        ABSENT,
        ABSENT,
        speaker.trim().replaceAll(/\s+/g, "_"),
        confidence === undefined ? ABSENT : confidence.toFixed(DIGITS),
        ABSENT,
      ].join(" "),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/**
 * Reads the SPEAKER lines of one recording, in any order; touching and overlapping turns of one speaker are one. The
 * format does not say how long the recording is: it ends with its last turn. Throws SG_INPUT_INVALID naming the line.
 */
export function readRttm(text: string): SpeakerTurns {
  const turns: SpeakerTurn[] = [];
  let file: string | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const fields = line.trim().split(/\s+/);
    if (fields[TYPE] !== "SPEAKER") continue;
    file ??= fields[FILE];
    if (fields[FILE] !== file)
      throw fail("SG_INPUT_INVALID", `Line ${index + 1} is about "${fields[FILE]}", those before it about "${file}"`, {
        hint: "Send the turns of one recording.",
      });
    turns.push(turnOf(fields, index + 1));
  }
  const joined = joinOwn(turns.toSorted((one, other) => one.startSeconds - other.startSeconds));
  const durationSeconds = joined.reduce((end, turn) => Math.max(end, turn.endSeconds), 0);
  return parseValue("speaker-turns", speakerTurnsSchema, { durationSeconds, diariser: "rttm", turns: joined });
}

function turnOf(fields: readonly string[], line: number): SpeakerTurn {
  const startSeconds = Number(fields[ONSET]);
  const length = Number(fields[DURATION]);
  const speaker = fields[NAME];
  if (!(startSeconds >= 0) || !(length > 0) || speaker === undefined)
    throw fail("SG_INPUT_INVALID", `Line ${line} is no SPEAKER line of RTTM: onset, duration or speaker are missing`);
  const confidence = Number(fields[CONFIDENCE]);
  return {
    startSeconds,
    endSeconds: startSeconds + length,
    speaker,
    ...(confidence >= 0 && confidence <= 1 && { confidence }),
  };
}

function joinOwn(turns: readonly SpeakerTurn[]): SpeakerTurn[] {
  const joined: SpeakerTurn[] = [];
  const lastOf = new Map<string, number>();
  for (const turn of turns) {
    const place = lastOf.get(turn.speaker);
    const own = place === undefined ? undefined : joined[place];
    if (place !== undefined && own !== undefined && turn.startSeconds <= own.endSeconds)
      joined[place] = { ...own, endSeconds: Math.max(own.endSeconds, turn.endSeconds) };
    else lastOf.set(turn.speaker, joined.push(turn) - 1);
  }
  return joined;
}
