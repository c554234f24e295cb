import type { Answer, Gate } from "@stargate/kernel";
import { envelopeText } from "../gateway/envelope.ts";
import type { StreamEvent } from "../http/events/event-queue.ts";
import type { LiveReport } from "./live-report.ts";

/** The last event of a live run: the answer with its receipt, and how quickly and steadily it was told. */
export async function liveAnswer(
  gate: Gate,
  answer: Answer,
  report: LiveReport,
  signal: AbortSignal,
): Promise<readonly StreamEvent[]> {
  const envelope = await envelopeText(gate, answer, signal);
  return [{ name: "answer", data: `{"live":${JSON.stringify(report.figures())},${envelope.slice(1)}` }];
}
