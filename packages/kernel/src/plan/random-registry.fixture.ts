import { z } from "zod";
import type { AnyModality, Port } from "../contract/modality.ts";
import type { AnyTransform } from "../contract/transform.ts";
import { defineAdapter } from "../define/define-adapter.ts";
import { defineModality } from "../define/define-modality.ts";
import { defineTransform } from "../define/define-transform.ts";
import { many } from "../define/many.ts";
import { createRegistry } from "../registry/create-registry.ts";
import type { Registry } from "../registry/registry.ts";

/** Random numbers that repeat: Mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const kinds = ["layout", "colour", "speaker"] as const;

const modalities: readonly AnyModality[] = Array.from({ length: 60 }, (_, index) =>
  defineModality({ id: `kind-${index}`, summary: "random", schema: z.unknown(), measure: "none", codecs: {} }),
);

/** A registry of random single-input transforms between few modalities, some of streams, with costs, losses and restrictions. */
export function randomRegistry(random: () => number, transformCount: number, modalityCount: number): Registry {
  const whole = (limit: number): number => Math.floor(random() * limit);
  const port = (): Port => {
    const modality = modalities[whole(modalityCount)] as AnyModality;
    return random() < 0.2 ? many(modality) : modality;
  };
  const transforms = Array.from({ length: transformCount }, (_, index): AnyTransform => {
    const ms = whole(20) * 10;
    const loss = random() < 0.3 ? { [kinds[whole(kinds.length)] ?? "layout"]: whole(3) } : {};
    const tag = whole(4);
    return defineTransform({
      id: `random.t${index}`,
      version: "1.0.0",
      summary: "random",
      coverage: "whole",
      from: port(),
      to: port(),
      cost: () => ({ ms, usd: tag / 100, joules: tag * 10 }),
      loss,
      ladder: [{ name: "best", quality: random() < 0.2 ? 0.5 : 1 }],
      restrictions:
        random() < 0.1
          ? [
              {
                kind: random() < 0.5 ? "hard" : "soft",
                note: "pages",
                when: (descriptor) => descriptor["pages"] === tag,
              },
            ]
          : [],
      network: random() < 0.1,
      plannable: random() < 0.95,
      run: () => undefined as never,
    }) as AnyTransform; // the ports' types are random, too
  });
  return createRegistry([
    defineAdapter({
      spec: 1,
      id: "random",
      version: "1.0.0",
      summary: "random",
      modalities: modalities.slice(0, modalityCount),
      transforms,
    }),
  ]);
}
