import type { RunEvent } from "@stargate/kernel";
import type { StreamEvent } from "./event-queue.ts";

/** Names that mean something else on the stream. */
const ownNames: ReadonlySet<string> = new Set([
  "step-start",
  "step-end",
  "progress",
  "emit",
  "issue",
  "degradation",
  "item",
  "answer",
  "error",
  "dropped",
]);

const usualName = /^[a-z][a-z0-9.-]{0,63}$/;

/** What a run tells, as a server-sent event. Partial results have the name that the transform gave them. */
export function streamEvent(event: RunEvent): StreamEvent {
  switch (event.type) {
    case "step-start":
      return { name: "step-start", data: line({ step: event.step }) };
    case "step-end":
      return { name: "step-end", data: line({ step: event.step, ms: event.ms, ok: event.ok }) };
    case "progress": {
      const { step, measure, done, of } = event;
      return { name: "progress", data: line({ step, measure, done, of }), key: `progress ${step}` };
    }
    case "emit": {
      const { name, step, data } = event;
      const isUsual = usualName.test(name) && !ownNames.has(name);
      return { name: isUsual ? name : "emit", data: line({ step, ...(!isUsual && { name }), data }) };
    }
    case "issue":
      return { name: "issue", data: line(event.issue) };
    case "degradation":
      return { name: "degradation", data: line(event.degradation) };
  }
}

/** JSON on one line. What JSON cannot hold (bytes, samples) is left away rather than written out number by number. */
function line(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === "bigint") return member.toString();
    if (ArrayBuffer.isView(member)) return null;
    return member instanceof Blob ? { mediaType: member.type, bytes: member.size } : member;
  });
}
