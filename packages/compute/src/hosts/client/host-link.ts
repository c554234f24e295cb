import type { ToHost } from "../wire/host-messages.ts";

/** The way to a host in another thread or process. */
export interface HostLink {
  /** Throws when the message's tensors cannot cross. */
  send(message: ToHost): void;
  /** true: calls are unanswered, so the program must not end by itself. */
  busy(busy: boolean): void;
}
