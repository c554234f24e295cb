/** One thing an adapter or backend must do. */
export interface Check<Subject> {
  /** kebab-case; defects name the check that catches them. */
  readonly id: string;
  /** A statement of behaviour. */
  readonly title: string;
  /** Throws a ConformanceFailure, or anything else, when the subject does not do it. */
  run(subject: Subject): Promise<void>;
}

/** Why a subject does not conform: thrown by checks, shown by the test runner. */
export class ConformanceFailure extends Error {
  override readonly name = "ConformanceFailure";
}

/** Fails the check unless the condition holds. */
export function must(condition: boolean, explanation: string): asserts condition {
  if (!condition) throw new ConformanceFailure(explanation);
}

/** Runs every check and gives the ids of those that failed, with their reasons. */
export async function runChecks<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
): Promise<readonly { readonly id: string; readonly reason: unknown }[]> {
  const failures: { id: string; reason: unknown }[] = [];
  for (const check of checks) {
    try {
      await check.run(subject);
    } catch (reason) {
      failures.push({ id: check.id, reason });
    }
  }
  return failures;
}

/** What was thrown, in words. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}`;
}
