/** How one try at running some jobs together ended. The one who tried has answered those it could answer. */
export type Attempt =
  /** Every job has been dealt with. */
  | { readonly kind: "done" }
  /** One of the jobs may be at fault, or all together were too large: the halves may do better. */
  | { readonly kind: "split"; readonly error: unknown };

export interface IsolationOptions<Job> {
  /** Runs jobs together. Never rejects. */
  readonly attempt: (jobs: readonly Job[]) => Promise<Attempt>;
  /** A job that fails also on its own. */
  readonly fail: (job: Job, error: unknown) => void;
}

/**
 * Runs jobs together and, when that fails, by halves, so that a job that fails by itself is found in at most
 * log2(jobs) + 1 tries and every other one is answered.
 */
export async function runIsolating<Job>(jobs: readonly Job[], options: IsolationOptions<Job>): Promise<void> {
  const [first] = jobs;
  if (first === undefined) return;
  const attempt = await options.attempt(jobs);
  if (attempt.kind === "done") return;
  if (jobs.length === 1) return options.fail(first, attempt.error);
  const middle = Math.ceil(jobs.length / 2);
  await runIsolating(jobs.slice(0, middle), options);
  await runIsolating(jobs.slice(middle), options);
}
