import type { RunEvent } from "@stargate/kernel";
import { fail } from "../../errors/live-errors.ts";
import { type LiveGoal, liveOrder } from "../../live/live-order.ts";
import { LiveReport } from "../../live/live-report.ts";
import { liveAnswer } from "../../live/live-telling.ts";
import { readPcmFormat } from "../../live/pcm-format.ts";
import { readPcm } from "../../live/read-pcm.ts";
import { wantsEvents } from "../accept.ts";
import { bodyChunks, checkContentLength } from "../body/body-chunks.ts";
import { essence, parameter } from "../body/media-type.ts";
import { streamEvent } from "../events/run-events.ts";
import type { RunTelling } from "../events/tell-run.ts";
import type { Exchange } from "../exchange.ts";
import { answerRun, requestHead } from "../run-exchange.ts";

/** Media type of sound without a container; its parameters are `rate`, `channels` and `encoding`. */
const PCM = "audio/pcm";

/** Whether the body is sound without a container. */
export function isSound({ incoming }: Pick<Exchange, "incoming">): boolean {
  return essence(incoming.headers["content-type"]) === PCM;
}

/**
 * Runs on the body while it is still coming in, and answers with events where the client wants some. Throws SG_LIVE_FORMAT,
 * SG_HTTP_BODY_TOO_LARGE, and what the run throws.
 */
export function answerLive(exchange: Exchange, goal: LiveGoal): Promise<Response> {
  const { gateway, incoming, signal } = exchange;
  const contentType = incoming.headers["content-type"];
  if (!isSound(exchange))
    throw fail("SG_LIVE_FORMAT", `The body is ${contentType ?? "of no type"}, not ${PCM}`, {
      hint: `Send "content-type: ${PCM};rate=16000;channels=1;encoding=s16le".`,
    });
  const format = readPcmFormat({
    encoding: parameter(contentType, "encoding"),
    rate: parameter(contentType, "rate"),
    channels: parameter(contentType, "channels"),
  });
  const { maxBodyBytes } = gateway.config.limits;
  checkContentLength(exchange, maxBodyBytes, "maxBodyBytes");
  const report = new LiveReport(() => gateway.host.clock.nowMs());
  const sound = readPcm(bodyChunks(exchange, maxBodyBytes, "maxBodyBytes"), format, (piece) => report.heard(piece));
  const order = liveOrder(goal, sound, requestHead(exchange, gateway.config.live.maxSessionSeconds * 1000));
  const telling: RunTelling = {
    onEvent(event: RunEvent) {
      report.told(event);
      return streamEvent(event);
    },
    answer: (answer) => liveAnswer(gateway.gate, answer, report, signal),
  };
  return answerRun(exchange, order, wantsEvents(order.accept) ? telling : undefined);
}
