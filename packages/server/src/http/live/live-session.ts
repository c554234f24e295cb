import { fail as failKernel, isStargateError } from "@stargate/kernel";
import { fail } from "../../errors/live-errors.ts";
import type { Gateway } from "../../gateway/gateway.ts";
import type { InFlight } from "../../gateway/lifecycle.ts";
import { LiveReport } from "../../live/live-report.ts";
import { type LiveGoal, liveOrder } from "../../live/live-order.ts";
import { liveAnswer } from "../../live/live-telling.ts";
import type { PcmFormat } from "../../live/pcm-format.ts";
import { readPcm } from "../../live/read-pcm.ts";
import { errorFields } from "../../observe/error-fields.ts";
import { EventQueue } from "../events/event-queue.ts";
import { tellRun } from "../events/tell-run.ts";
import { toProblem } from "../problem.ts";
import type { WebSocketConnection } from "../websocket/websocket.ts";
import { soundMessages } from "./sound-messages.ts";

/** A live run that may begin: everything about it has been checked. */
export interface LiveRequest {
  /** Route pattern, for metrics and logs. */
  readonly route: string;
  readonly requestId: string;
  readonly tenant: string;
  readonly goal: LiveGoal;
  readonly format: PcmFormat;
}

/** Close codes (RFC 6455, 7.4.1; 1012 of IANA's registry): done, the client's fault, ours, gone for a restart. */
const closeCodes = { done: 1000, refused: 1008, failed: 1011, restarting: 1012 } as const;

/** One WebSocket from its handshake to its end: sound in, events out. */
export class LiveSession implements InFlight {
  readonly #gateway: Gateway;
  readonly #request: LiveRequest;
  readonly #connection: WebSocketConnection;
  readonly #abort = new AbortController();
  #receiptId: string | undefined;

  constructor(gateway: Gateway, request: LiveRequest, connection: WebSocketConnection) {
    this.#gateway = gateway;
    this.#request = request;
    this.#connection = connection;
  }

  abort(reason: unknown): void {
    this.#abort.abort(reason);
  }

  /** Runs, tells, and closes the connection. Never throws: what goes wrong is told to the client and logged. */
  async run(): Promise<void> {
    const { lifecycle, metrics, host } = this.#gateway;
    const startedMs = host.clock.nowMs();
    const events = new EventQueue({ clock: host.clock });
    let error: unknown;
    lifecycle.enter(this);
    const sending = this.#send(events);
    try {
      await this.#work(events);
    } catch (thrown) {
      error = thrown;
      const problem = toProblem(thrown, this.#request.requestId);
      events.end({ name: "error", data: JSON.stringify({ problem }) });
    }
    await sending;
    this.#connection.close(closeCodeOf(error), "");
    await this.#connection.closed;
    const seconds = (host.clock.nowMs() - startedMs) / 1000;
    metrics.request({ route: this.#request.route, method: "GET", status: 101, seconds });
    this.#log(seconds, error);
    lifecycle.leave(this);
  }

  async #work(events: EventQueue): Promise<void> {
    const { gate, host, config } = this.#gateway;
    const { goal, format, tenant, requestId } = this.#request;
    const { signal } = this.#abort;
    const report = new LiveReport(() => host.clock.nowMs());
    const sound = readPcm(soundMessages(this.#connection.messages()), format, (piece) => report.heard(piece));
    const policy = { deadlineMs: config.live.maxSessionSeconds * 1000 };
    const order = liveOrder(goal, sound, { requestId, policy });
    // Who goes away before it has said that this is all wants no answer.
    const gone = failKernel("SG_RUN_CANCELLED", "The client has closed the connection");
    void this.#connection.closed.then(() => this.abort(gone));
    const options = {
      tenant,
      signal,
      onEvent: report.told.bind(report),
      onReceipt: ({ id }: { readonly id: string }) => void (this.#receiptId = id),
    };
    await tellRun(this.#gateway, order, events, options, {
      answer: (answer) => liveAnswer(gate, answer, report, signal),
    });
  }

  /** Sends events as text messages until the last; looks after a client that is not heard. */
  async #send(events: EventQueue): Promise<void> {
    const { host, config } = this.#gateway;
    const silenceMs = config.live.silenceSeconds * 1000;
    void this.#connection.closed.then(() => events.cancel());
    for (;;) {
      const batch = await events.take();
      for (const { name, data } of batch.events)
        await this.#connection.send(`{"type":${JSON.stringify(name)}${data === "{}" ? "" : ","}${data.slice(1)}`);
      if (batch.isLast) return;
      if (batch.events.length > 0) continue;
      if (host.clock.nowMs() - this.#connection.heardMs > silenceMs)
        this.abort(fail("SG_LIVE_SILENT", `The client was not heard for ${config.live.silenceSeconds} s`));
      this.#connection.ping();
    }
  }

  #log(seconds: number, error: unknown): void {
    const { log } = this.#gateway;
    const { requestId, route, tenant } = this.#request;
    const fields: Record<string, unknown> = { requestId, route, status: 101, ms: Math.round(seconds * 1000), tenant };
    if (this.#receiptId !== undefined) fields["receipt"] = this.#receiptId;
    if (isStargateError(error)) fields["code"] = error.code;
    if (error === undefined || (isStargateError(error) && error.public)) return log.info(fields, "live session");
    log.error({ ...fields, error: errorFields(error, log.isLevelEnabled("debug")) }, "live session failed");
  }
}

function closeCodeOf(error: unknown): number {
  if (error === undefined) return closeCodes.done;
  if (!isStargateError(error)) return closeCodes.failed;
  if (error.code === "SG_HTTP_DRAINING") return closeCodes.restarting;
  return error.status >= 500 ? closeCodes.failed : closeCodes.refused;
}
