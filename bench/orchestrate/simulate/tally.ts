/** What became of one request. */
export interface Ending {
  readonly arrivedMs: number;
  readonly onTime: boolean;
  readonly accuracy: number;
  readonly usd: number;
  readonly joules: number;
  readonly grams: number;
  readonly utility: number;
  readonly attempts: number;
  readonly refused: boolean;
  readonly explored: boolean;
  readonly tenant: string;
}

export interface Totals {
  readonly requests: number;
  /** Share of answers in time. */
  readonly slo: number;
  /** Answers in time per second. */
  readonly goodput: number;
  readonly refused: number;
  /** Of answers in time. */
  readonly accuracy: number;
  readonly usdPerThousand: number;
  readonly joulesPerThousand: number;
  readonly gramsPerThousand: number;
  readonly utility: number;
  readonly attempts: number;
  /** Requests that were used to learn, and the share of them that were late or failed. */
  readonly explored: number;
  readonly exploredLate: number;
  /** Jain's index of the share of answers in time over tenants: 1 is equal. */
  readonly fairness: number;
  /** Share of answers in time per five seconds of arrivals. */
  readonly buckets: readonly number[];
  /** Mean utility per five seconds. */
  readonly utilities: readonly number[];
  /** Share of attempts that went to each pool, per five seconds. */
  readonly pools: Readonly<Record<string, readonly number[]>>;
}

export const BUCKET_MS = 5000;

/** Adds up what became of the requests of one run. */
export class Tally {
  readonly #lengthMs: number;
  readonly #arrived: number[] = [];
  readonly #inTime: number[] = [];
  readonly #utilities: number[] = [];
  readonly #tenants = new Map<string, { all: number; inTime: number }>();
  readonly #sent = new Map<string, number[]>();
  readonly #sentAll: number[] = [];
  #requests = 0;
  #onTime = 0;
  #refused = 0;
  #accuracy = 0;
  #usd = 0;
  #joules = 0;
  #grams = 0;
  #utility = 0;
  #attempts = 0;
  #explored = 0;
  #exploredLate = 0;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  add(ending: Ending): void {
    const bucket = Math.floor(ending.arrivedMs / BUCKET_MS);
    const good = ending.onTime ? 1 : 0;
    this.#arrived[bucket] = (this.#arrived[bucket] ?? 0) + 1;
    this.#inTime[bucket] = (this.#inTime[bucket] ?? 0) + good;
    this.#utilities[bucket] = (this.#utilities[bucket] ?? 0) + ending.utility;
    const tenant = this.#tenants.get(ending.tenant) ?? { all: 0, inTime: 0 };
    tenant.all += 1;
    tenant.inTime += good;
    this.#tenants.set(ending.tenant, tenant);
    this.#requests += 1;
    this.#onTime += good;
    this.#refused += ending.refused ? 1 : 0;
    this.#accuracy += ending.onTime ? ending.accuracy : 0;
    this.#usd += ending.usd;
    this.#joules += ending.joules;
    this.#grams += ending.grams;
    this.#utility += ending.utility;
    this.#attempts += ending.attempts;
    this.#explored += ending.explored ? 1 : 0;
    this.#exploredLate += ending.explored && !ending.onTime ? 1 : 0;
  }

  /** Counts one attempt. */
  send(pool: string, atMs: number): void {
    const bucket = Math.floor(atMs / BUCKET_MS);
    const counts = this.#sent.get(pool) ?? [];
    this.#sent.set(pool, counts);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    this.#sentAll[bucket] = (this.#sentAll[bucket] ?? 0) + 1;
  }

  totals(): Totals {
    const shares = [...this.#tenants.values()].map(({ all, inTime }) => inTime / all);
    const sum = shares.reduce((total, share) => total + share, 0);
    const squares = shares.reduce((total, share) => total + share * share, 0);
    const thousands = this.#requests / 1000;
    return {
      requests: this.#requests,
      slo: this.#onTime / this.#requests,
      goodput: (this.#onTime * 1000) / this.#lengthMs,
      refused: this.#refused / this.#requests,
      accuracy: this.#accuracy / Math.max(1, this.#onTime),
      usdPerThousand: this.#usd / thousands,
      joulesPerThousand: this.#joules / thousands,
      gramsPerThousand: this.#grams / thousands,
      utility: this.#utility / this.#requests,
      attempts: this.#attempts / this.#requests,
      explored: this.#explored / this.#requests,
      exploredLate: this.#exploredLate / Math.max(1, this.#explored),
      fairness: squares === 0 ? 0 : (sum * sum) / (shares.length * squares),
      buckets: this.#means(this.#inTime, this.#arrived),
      utilities: this.#means(this.#utilities, this.#arrived),
      pools: Object.fromEntries([...this.#sent].map(([pool, counts]) => [pool, this.#means(counts, this.#sentAll)])),
    };
  }

  #means(sums: readonly number[], counts: readonly number[]): readonly number[] {
    const buckets = Math.ceil(this.#lengthMs / BUCKET_MS);
    return Array.from({ length: buckets }, (_, at) => (sums[at] ?? 0) / Math.max(1, counts[at] ?? 0));
  }
}
