import { median, quantile } from "./statistics.ts";

export interface Candidate {
  readonly name: string;
  /** One call of what is measured. */
  call(): unknown;
}

/**
 * Times candidates call by call in interleaved rounds (A B C A B C ...), so that a slow moment of a shared machine
 * hits all alike, and gives each one's median over the rounds of the p50 of a round, in microseconds.
 */
export async function interleave(
  candidates: readonly Candidate[],
  { rounds = 15, callsPerRound = 300 } = {},
): Promise<ReadonlyMap<string, number>> {
  const p50s = new Map<string, number[]>(candidates.map(({ name }) => [name, []]));
  for (let round = -2; round < rounds; round++) {
    for (const candidate of candidates) {
      const times: number[] = [];
      for (let index = 0; index < callsPerRound; index++) {
        const start = performance.now();
        await candidate.call();
        times.push((performance.now() - start) * 1000);
      }
      // The first two rounds warm up the compiler.
      if (round >= 0) p50s.get(candidate.name)?.push(quantile(times, 0.5));
    }
  }
  return new Map([...p50s].map(([name, values]) => [name, median(values)]));
}
