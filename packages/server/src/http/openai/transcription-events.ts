import { transcript, type Answer, type RunEvent } from "@stargate/kernel";
import { z } from "zod";
import type { StreamEvent } from "../events/event-queue.ts";
import type { RunTelling } from "../events/tell-run.ts";

/** What is used of a final segment: transforms to `transcript` emit them as "segment-end". */
const segmentSchema = z.looseObject({ text: z.string() });

/**
 * OpenAI's events of a transcript that is still being made: the text of each segment that is final, then all of it. What
 * may still change is not told, as clients can only append; so the pieces together are the whole text.
 */
export function transcriptionEvents(): RunTelling {
  let told = "";
  return {
    onEvent(event: RunEvent) {
      if (event.type !== "emit" || event.name !== "segment-end") return undefined;
      const parsed = segmentSchema.safeParse(event.data);
      const text = parsed.success ? parsed.data.text.trim() : "";
      if (text === "") return undefined;
      const piece = told === "" ? text : ` ${text}`;
      told += piece;
      return delta(piece);
    },
    answer({ payload }: Answer) {
      const text = transcript.schema.parse(payload.value).text.trim();
      const rest = text.startsWith(told) ? text.slice(told.length) : "";
      const done: StreamEvent = typed("transcript.text.done", { text });
      return Promise.resolve(rest === "" ? [done] : [delta(rest), done]);
    },
  };
}

function delta(text: string): StreamEvent {
  return typed("transcript.text.delta", { delta: text });
}

function typed(type: string, members: object): StreamEvent {
  return { name: type, data: JSON.stringify({ type, ...members }) };
}
