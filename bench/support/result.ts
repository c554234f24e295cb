/** One measured number. `value` and `baseline` come from the same run, in interleaved rounds. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The number to meet, as a sentence a machine can check: "<= 30", ">= 0.6"; null for numbers that are only reported. */
  readonly goal: string | null;
  readonly met: boolean | null;
  /** What the value is compared with, in the same unit, or null. */
  readonly baseline: number | null;
}

export interface Suite {
  readonly name: string;
  /** Runs the suite; `note` tells what is going on (stderr). */
  run(note: (message: string) => void): Promise<readonly BenchResult[]>;
}

/** Makes a result and decides whether its goal is met. */
export function result(
  name: string,
  value: number,
  unit: string,
  options: { readonly goal?: string; readonly baseline?: number } = {},
): BenchResult {
  const goal = options.goal ?? null;
  return {
    name,
    value: round(value),
    unit,
    goal,
    met: goal === null ? null : meets(value, goal),
    baseline: options.baseline === undefined ? null : round(options.baseline),
  };
}

/** Whether a value meets a goal such as "<= 30" or ">= 0.6". */
export function meets(value: number, goal: string): boolean {
  const match = /^(<=|>=) (-?\d+(?:\.\d+)?)$/.exec(goal);
  if (match === null) throw new RangeError(`A goal is "<= number" or ">= number", not "${goal}"`);
  const limit = Number(match[2]);
  return match[1] === "<=" ? value <= limit : value >= limit;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
