import type { Duplex } from "node:stream";
import { isStargateError, type Clock } from "@stargate/kernel";
import { FrameReader, type Incoming, type Message } from "./frame-reader.ts";
import { closePayload, opcodes, writeFrame } from "./write-frame.ts";

export interface WebSocketOptions {
  readonly clock: Clock;
  readonly maxMessageBytes: number;
  /** Messages that may wait to be taken, before the client is made to wait. */
  readonly maxWaitingBytes: number;
}

/** What the other end gets to answer a close frame. */
const CLOSING_MS = 2000;

/** The server's end of a WebSocket after its handshake (RFC 6455). */
export class WebSocketConnection {
  /** Settles when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  /** When the client was last heard, on the clock. */
  heardMs: number;
  readonly #socket: Duplex;
  readonly #options: WebSocketOptions;
  readonly #reader: FrameReader;
  #waiting: Message[] = [];
  #waitingBytes = 0;
  #isEnded = false;
  #isClosing = false;
  #wake: (() => void) | undefined;

  constructor(socket: Duplex, head: Buffer, options: WebSocketOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#reader = new FrameReader(options.maxMessageBytes);
    this.heardMs = options.clock.nowMs();
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#end();
        resolve();
      });
    });
    socket.on("error", () => socket.destroy());
    socket.on("end", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    if (head.length > 0) this.#take(head);
  }

  /** Messages in their order; ends when the client has closed or is gone. */
  async *messages(): AsyncGenerator<Message> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) {
        this.#waitingBytes -= sizeOf(message);
        if (this.#waitingBytes < this.#options.maxWaitingBytes) this.#socket.resume();
        yield message;
      } else if (this.#isEnded) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Sends a text; resolves when the client keeps up. */
  async send(text: string): Promise<void> {
    if (this.#write(writeFrame(opcodes.text, Buffer.from(text)))) return;
    await Promise.race([this.closed, new Promise<void>((resolve) => this.#socket.once("drain", () => resolve()))]);
  }

  ping(): void {
    this.#write(writeFrame(opcodes.ping, Buffer.alloc(0)));
  }

  /** Says good-bye, and ends the connection when the client has answered or a while after. */
  close(code: number, reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#end();
    this.#socket.write(writeFrame(opcodes.close, closePayload(code, reason)));
    this.#socket.resume(); // the answer may lie behind messages that nobody takes
    const stop = this.#options.clock.timer(CLOSING_MS, () => this.#socket.destroy());
    void this.closed.then(stop);
  }

  #write(frame: Buffer): boolean {
    return this.#isClosing || !this.#socket.writable || this.#socket.write(frame);
  }

  #take(chunk: Buffer): void {
    this.heardMs = this.#options.clock.nowMs();
    try {
      for (const incoming of this.#reader.read(chunk)) this.#receive(incoming);
    } catch (error) {
      if (!isStargateError(error)) throw error;
      this.#socket.removeAllListeners("data"); // nothing behind a fault can be understood
      this.#socket.resume();
      this.close(Number(error.details["closeCode"]), error.message);
      this.#socket.end();
    }
  }

  #receive(incoming: Incoming): void {
    if (incoming.kind === "ping") return void this.#write(writeFrame(opcodes.pong, incoming.bytes));
    if (incoming.kind === "pong") return;
    if (incoming.kind === "close") {
      this.close(incoming.code ?? 1000, "");
      return void this.#socket.end();
    }
    if (this.#isEnded) return;
    this.#waiting.push(incoming);
    this.#waitingBytes += sizeOf(incoming);
    if (this.#waitingBytes >= this.#options.maxWaitingBytes) this.#socket.pause();
    this.#wake?.();
  }

  #end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }
}

function sizeOf(message: Message): number {
  return message.kind === "text" ? message.text.length : message.bytes.length;
}
