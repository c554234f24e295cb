import { transcript } from "@stargate/kernel";
import { liveTranscription } from "../../live/live-order.ts";
import { checkAccept } from "../accept.ts";
import type { Exchange } from "../exchange.ts";
import { answerLive } from "../live/answer-live.ts";

/** `POST /v1/audio/live[?model=][&language=]...`: sound as it comes in, in chunks; the transcript while it does. */
export function transcribeLive(exchange: Exchange): Promise<Response> {
  checkAccept(exchange, transcript.id);
  const goal = liveTranscription(exchange.gateway, { get: (name) => exchange.query(name) });
  return answerLive(exchange, goal);
}
