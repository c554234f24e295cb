import type { LoadSample } from "../support/open-load.ts";
import { quantile } from "../support/statistics.ts";

/** What an answer says of itself, in its envelope. */
export interface Told {
  readonly pool: string | undefined;
  readonly firstOutput: number | null | undefined;
  readonly receipt: string | undefined;
}

interface Envelope {
  readonly output: { readonly y: readonly (number | null)[] };
  readonly receipt: {
    readonly id: string;
    readonly steps: readonly { readonly models?: readonly { readonly pool: string }[] }[];
  };
}

/** Ask for it with `accept: envelopeType`. */
export const envelopeType = "application/vnd.stargate+json";

export function toldBy({ status, body }: Pick<LoadSample, "status" | "body">): Told {
  if (status !== 200) return { pool: undefined, firstOutput: undefined, receipt: undefined };
  const { output, receipt } = JSON.parse(body) as Envelope; // a gateway that answers otherwise is a broken bench
  const [use] = receipt.steps.flatMap(({ models = [] }) => models);
  return { pool: use?.pool, firstOutput: output.y[0], receipt: receipt.id };
}

export const answered = (samples: readonly LoadSample[]): readonly LoadSample[] =>
  samples.filter(({ status }) => status === 200);

/** What a client sees as the server's fault: 5xx, and connections that broke. */
export const faults = (samples: readonly LoadSample[]): readonly LoadSample[] =>
  samples.filter(({ status }) => status >= 500 || status === 0);

export const millisecondsAt = (samples: readonly LoadSample[], q: number): number =>
  quantile(
    samples.map(({ ms }) => ms),
    q,
  );

export const between = (samples: readonly LoadSample[], fromMs: number, toMs: number): readonly LoadSample[] =>
  samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);

/** Share of the answers that came from a pool. */
export function shareOf(samples: readonly LoadSample[], pool: string): number {
  const good = answered(samples);
  return good.filter((sample) => toldBy(sample).pool === pool).length / Math.max(1, good.length);
}

/** Statuses and codes with their counts, for notes: "200: 512, SG_COMPUTE_OVERLOADED: 3". */
export function summary(samples: readonly LoadSample[]): string {
  const counts = new Map<string, number>();
  for (const { status, body } of samples) {
    const code = /"code":"(SG_\w+)"/.exec(body)?.[1];
    const key = status === 0 ? `broken (${body})` : (code ?? String(status));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${key}: ${count}`).join(", ");
}
