import type { Channel } from "./channel.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { createPayload } from "../create-payload.ts";
import { toJson } from "../checkpoint/to-json.ts";

/**
 * Items that lie on edges at a moment when nothing moves: those of a step that waits for another of its inputs. They
 * were taken from the source, so a checkpoint has to carry them.
 */
export class EdgeStore {
  readonly #channels = new Map<string, Channel>();
  readonly #stored: Checkpoint["edges"];

  constructor(stored: Checkpoint["edges"] = {}) {
    this.#stored = stored;
  }

  /** Makes an edge part of every checkpoint, and puts what a checkpoint has stored of it back on it. */
  attach(key: string, channel: Channel): void {
    this.#channels.set(key, channel);
    const { modality } = channel.outlet;
    for (const { value, lineage } of this.#stored[key] ?? [])
      channel.push(createPayload(modality, value, { lineage }), channel.outlet.sizeOf(value));
  }

  /** Everything on edges, as JSON. Throws SG_STATE_INVALID for a value JSON cannot carry. */
  snapshot(): Checkpoint["edges"] {
    const queued = [...this.#channels].filter(([, channel]) => channel.length > 0);
    return Object.fromEntries(
      queued.map(([key, channel]) => [
        key,
        channel.queued.map(({ value, lineage }) => ({
          value: toJson(value, () => `item on the edge to "${key}"`),
          lineage,
        })),
      ]),
    );
  }
}
