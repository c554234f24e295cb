import type { Json } from "../../util/json.ts";

/** Follows items that begin in order and end in any order. */
export interface CursorTrack {
  /** Position before which every item has ended. */
  readonly reached: Json;
  begin(cursor: Json): TrackedItem;
}

export interface TrackedItem {
  /** What `reached` would be if this item had ended, too: to be stored together with its end. */
  reachedWith(): Json;
  end(): void;
}

interface Entry {
  readonly cursor: Json;
  ended: boolean;
}

/** The position may only move over an item when it and all before it are done: the others would be lost in a crash. */
export function createCursorTrack(start: Json): CursorTrack {
  let reached = start;
  const open: Entry[] = [];
  return {
    get reached() {
      return reached;
    },
    begin(cursor) {
      const entry: Entry = { cursor, ended: false };
      open.push(entry);
      return {
        reachedWith() {
          const running = open.findIndex((other) => !other.ended && other !== entry);
          return (running === -1 ? open.at(-1) : open[running - 1])?.cursor ?? reached;
        },
        end() {
          entry.ended = true;
          for (let first = open[0]; first?.ended === true; first = open[0]) {
            reached = first.cursor;
            open.shift();
          }
        },
      };
    },
  };
}
