import type { TranscriptSegment, TranscriptWord } from "@stargate/kernel";

type Lookup = (startSeconds: number, endSeconds: number) => string | undefined;

/**
 * A segment with its speaker; several, cut between words, where several speak. Joined they are the text they were. A word in
 * nobody's turn belongs to who spoke before it. Without words, or with words that are not in the text, nothing is cut.
 */
export function splitSegment(segment: TranscriptSegment, speakerAt: Lookup): readonly TranscriptSegment[] {
  const { words = [], startSeconds, endSeconds } = segment;
  const places = wordPlaces(segment.text, words);
  if (places === undefined) return [withSpeaker(segment, speakerAt(startSeconds, endSeconds))];
  const speakers = fill(words.map((word) => speakerAt(word.startSeconds, word.endSeconds)));
  const cuts = [0, ...words.keys()].filter((at, index) => index === 0 || (at > 0 && speakers[at] !== speakers[at - 1]));
  if (cuts.length === 1) return [withSpeaker(segment, speakers[0])];
  const { tokens: _tokens, ...rest } = segment; // nobody knows which token belongs to which part
  return cuts.map((first, index) => {
    const next = cuts[index + 1];
    const own = words.slice(first, next);
    const part = {
      ...rest,
      text: segment.text.slice(index === 0 ? 0 : places[first], next === undefined ? undefined : places[next]),
      startSeconds: index === 0 ? startSeconds : (own[0]?.startSeconds ?? startSeconds),
      endSeconds: next === undefined ? endSeconds : (own.at(-1)?.endSeconds ?? endSeconds),
      words: own,
    };
    return withSpeaker(part, speakers[first]);
  });
}

function withSpeaker(segment: TranscriptSegment, speaker: string | undefined): TranscriptSegment {
  return speaker === undefined ? segment : { ...segment, speaker };
}

/** Who spoke before, where nobody does; at the beginning who speaks first. */
function fill(speakers: readonly (string | undefined)[]): readonly (string | undefined)[] {
  let last = speakers.find((speaker) => speaker !== undefined);
  return speakers.map((speaker) => (last = speaker ?? last));
}

/** Where each word begins in the text, the space before it included; undefined when one is not there, or there are none. */
function wordPlaces(text: string, words: readonly TranscriptWord[]): readonly number[] | undefined {
  const places: number[] = [];
  let end = 0;
  for (const word of words) {
    const at = text.indexOf(word.text, end);
    if (at < 0) return undefined;
    // A space between two words goes with the later one; anything else stays with the earlier.
    places.push(at - (text.slice(end, at).length - text.slice(end, at).trimEnd().length));
    end = at + word.text.length;
  }
  return words.length === 0 ? undefined : places;
}
