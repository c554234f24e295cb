import { median } from "./statistics.ts";

export interface Turn {
  readonly name: string;
  /** Does it once. */
  run(): Promise<unknown>;
}

export interface TurnOptions {
  readonly rounds: number;
  /** Rounds before them that are not counted. */
  readonly warmUps?: number;
  readonly now?: () => number;
}

/** How long one candidate took, in milliseconds. */
export interface TurnTimes {
  readonly medianMs: number;
  readonly bestMs: number;
}

/**
 * Times things that take seconds: candidates take turns (A B A B ...), so that a busy minute of a shared machine hits all
 * alike. The best round is what is left when nobody disturbed it.
 */
export async function takeTurns<Name extends string>(
  turns: readonly (Turn & { readonly name: Name })[],
  { rounds, warmUps = 1, now = () => performance.now() }: TurnOptions,
): Promise<Readonly<Record<Name, TurnTimes>>> {
  const times = new Map<string, number[]>(turns.map(({ name }) => [name, []]));
  for (let round = -warmUps; round < rounds; round++)
    for (const turn of turns) {
      const startedMs = now();
      await turn.run();
      if (round >= 0) times.get(turn.name)?.push(now() - startedMs);
    }
  const entries = [...times].map(([name, all]) => [name, { medianMs: median(all), bestMs: Math.min(...all) }] as const);
  return Object.fromEntries(entries) as Record<Name, TurnTimes>; // the names of the turns are its keys
}
