import type { LostReason } from "../host-errors.ts";
import type { FromHost, ToHost } from "../wire/host-messages.ts";

/** A thread or a process with a model host in it, as the gateway holds it. */
export interface HostTransport {
  readonly processId: number | undefined;
  readonly keepsInputs: boolean;
  /** Throws when the message's tensors cannot cross. Does nothing when the host is gone. */
  send(message: ToHost): void;
  /** true: the program must not end by itself now. */
  busy(busy: boolean): void;
  /** Ends a process at once. A thread cannot be ended while it computes: it leaves when it is done. */
  readonly kill: () => void;
  /**
   * Asks it to leave, and resolves when it has. A process that does not is killed; one that cannot be killed (it waits
   * for a driver) is waited for no longer.
   */
  leave(): Promise<void>;
  /** What it printed last. */
  readonly tail: () => readonly string[];
}

export interface TransportEvents {
  readonly message: (message: FromHost) => void;
  /** A sign of life of a process, with the memory it holds. */
  beat(memoryBytes: number): void;
  /** It is of no more use. Called once. */
  gone(lost: { readonly reason: LostReason; readonly what: string }): void;
}

export type StartTransport = (host: string, events: TransportEvents) => HostTransport;
