import type { SourceFile } from "./source-file.ts";

/** One place that breaks a rule. The message says what to do instead. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** One architecture rule with the failure it must catch: a check counts only after it failed once. */
export interface Rule {
  /** Completes "this repository ...". */
  readonly name: string;
  readonly check: (tree: readonly SourceFile[]) => Violation[];
  /** A small tree that breaks the rule, and where. */
  readonly seed: {
    readonly files: Readonly<Record<string, string>>;
    /** `path:line` of every violation expected, in order. */
    readonly violations: readonly string[];
  };
}

/** Makes a tree-wide check of a check of one file. */
export function eachFile(
  isConcerned: (file: SourceFile) => boolean,
  check: (file: SourceFile) => readonly Omit<Violation, "path">[],
): Rule["check"] {
  return (tree) =>
    tree.filter(isConcerned).flatMap((file) => check(file).map((violation) => ({ path: file.path, ...violation })));
}
