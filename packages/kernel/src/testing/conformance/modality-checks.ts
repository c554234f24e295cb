import { digestValue } from "../../util/digest.ts";
import { createPortableHost } from "../../run/host/portable-host.ts";
import type { AdapterSubject } from "./adapter-subject.ts";
import { must, type Check } from "./check.ts";

const codecContext = { signal: new AbortController().signal, offload: createPortableHost().offload };

/** Sniffing and negotiation of the modalities an adapter defines. */
export const modalityChecks: readonly Check<AdapterSubject>[] = [
  {
    id: "sniffs-own-samples",
    title: "recognises its own samples by content",
    run: async (subject) => {
      const adapter = subject.create();
      for (const sample of subject.samples ?? []) {
        const modality = adapter.modalities.find(({ id }) => id === sample.modality);
        must(
          modality !== undefined,
          `A sample names the modality "${sample.modality}", which the adapter does not define`,
        );
        const blob = sample.bytes();
        const found = modality.sniff?.(new Uint8Array(await blob.slice(0, 4096).arrayBuffer()), blob.size);
        must(
          found?.mediaType === sample.mediaType,
          `${sample.modality} takes its own sample of ${sample.mediaType} for ${found?.mediaType ?? "nothing"}`,
        );
      }
    },
  },
  {
    id: "sniffing-is-safe",
    title: "never claims nothing, noise or a single byte for certain, and never throws while sniffing",
    run: async (subject) => {
      for (const modality of subject.create().modalities) {
        for (const head of [new Uint8Array(0), Uint8Array.of(0), Uint8Array.of(0x25), noise(4096)]) {
          const found = modality.sniff?.(head, head.length);
          must(
            found === undefined || found.confidence < 1,
            `${modality.id} is certain that ${head.length} bytes of noise are ${found?.mediaType}`,
          );
        }
      }
    },
  },
  {
    id: "codecs-round-trip",
    title: "reads back what it writes",
    run: async (subject) => {
      const adapter = subject.create();
      for (const sample of subject.samples ?? []) {
        const modality = adapter.modalities.find(({ id }) => id === sample.modality);
        const codec = modality?.codecs[sample.mediaType];
        if (codec?.decode === undefined || codec.encode === undefined) continue;
        const value = await codec.decode(sample.bytes(), codecContext);
        const body = await codec.encode(value, codecContext);
        const again = await codec.decode(await new Response(body).blob(), codecContext);
        must(
          (await digestValue(again)) === (await digestValue(value)),
          `${sample.modality} as ${sample.mediaType} reads back as something else`,
        );
      }
    },
  },
  {
    id: "decodes-into-schema",
    title: "decodes samples into values its schema accepts, with an honest measure",
    run: async (subject) => {
      const adapter = subject.create();
      for (const sample of subject.samples ?? []) {
        const modality = adapter.modalities.find(({ id }) => id === sample.modality);
        const value = await modality?.codecs[sample.mediaType]?.decode?.(sample.bytes(), codecContext);
        if (modality === undefined || value === undefined) continue;
        must(
          modality.schema.safeParse(value).success,
          `${sample.modality} decodes ${sample.mediaType} into a value its own schema refuses`,
        );
        const measure = modality.measureOf(value);
        must(
          measure === undefined || (Number.isFinite(measure) && measure >= 0),
          `${sample.modality} measures ${measure} ${modality.measure}`,
        );
      }
    },
  },
];

/** Deterministic noise (xorshift32), so that a failure repeats. */
function noise(length: number): Uint8Array {
  let state = 0x9e3779b9;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}
