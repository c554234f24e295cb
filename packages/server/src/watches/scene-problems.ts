import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { exists, namesIn, replaceDurably } from "../connectors/durable-files.ts";
import { safeFileName } from "../connectors/safe-file-name.ts";

/** A scene that cannot be read, and why. */
export interface SceneProblem {
  readonly scene: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** When it was last tried. */
  readonly at: string;
  /** Times it was tried. */
  readonly attempts: number;
  /** Digest of what the catalogue said of it. */
  readonly version: string;
}

const FIRST_PAUSE_MS = 3_600_000;
const LONGEST_PAUSE_MS = 7 * 24 * 3_600_000;
const ending = ".problem.json";

/**
 * Scenes that could not be read, one file for each. They are tried again after an hour, then after twice as long each time, a week
 * at most; and at once when the catalogue says something else of them.
 */
export interface SceneProblems {
  /** Whether a scene is to be left alone for now. */
  isWaiting(scene: string, version: string, nowMs: number): Promise<boolean>;
  note(problem: Omit<SceneProblem, "attempts">): Promise<void>;
  /** The scene has been read. */
  forget(scene: string): Promise<void>;
  list(): Promise<readonly SceneProblem[]>;
}

export function openSceneProblems(folder: string): SceneProblems {
  const pathOf = (scene: string): string => join(folder, `${safeFileName(scene)}${ending}`);
  const read = async (path: string): Promise<SceneProblem | undefined> =>
    (await exists(path)) ? (JSON.parse(await readFile(path, "utf8")) as SceneProblem) : undefined; // written by `note` alone
  return {
    async isWaiting(scene, version, nowMs) {
      const known = await read(pathOf(scene));
      if (known?.version !== version) return false;
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (known.attempts - 1), LONGEST_PAUSE_MS);
      return nowMs < Date.parse(known.at) + pauseMs;
    },
    async note(problem) {
      const known = await read(pathOf(problem.scene));
      const attempts = known?.version === problem.version ? known.attempts + 1 : 1;
      await replaceDurably(pathOf(problem.scene), JSON.stringify({ ...problem, attempts }));
    },
    forget: (scene) => rm(pathOf(scene), { force: true }),
    async list() {
      const names = (await namesIn(folder)).filter((name) => name.endsWith(ending));
      const problems = await Promise.all(names.map((name) => read(join(folder, name))));
      return problems.filter((problem) => problem !== undefined);
    },
  };
}
