import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock, Log } from "@stargate/kernel";
import type { Router } from "../route/types/router.ts";

const SAVE_EVERY_MS = 30_000;

export interface RouterStateOptions {
  readonly path: string;
  /** Its timers must not keep the process alive. */
  readonly clock: Clock;
  readonly log: Log;
}

export interface RouterState {
  /** What an earlier life learned; undefined for a first one. */
  readonly loaded: unknown;
  /** Writes down what this router learns, now and then and on `close`. */
  keep(router: Pick<Router, "state">): void;
  close(): Promise<void>;
}

/**
 * What the router learned, in a file that outlives the process. A file that cannot be read or written costs what was
 * learned and nothing else: it is told in the log.
 */
export async function openRouterState({ path, clock, log }: RouterStateOptions): Promise<RouterState> {
  let router: Pick<Router, "state"> | undefined;
  let cancel: (() => void) | undefined;
  let saving: Promise<void> = Promise.resolve();

  const write = async (text: string): Promise<void> => {
    try {
      await mkdir(dirname(path), { recursive: true });
      const part = `${path}.${process.pid}.part`;
      await writeFile(part, text, { mode: 0o600 });
      await rename(part, path);
    } catch (error) {
      log.warn("What the router learned could not be written down", { path, error: String(error) });
    }
  };
  const save = (): Promise<void> => {
    if (router === undefined) return saving;
    const text = JSON.stringify(router.state());
    saving = saving.then(() => write(text));
    return saving;
  };
  const saveLater = (): void => {
    cancel = clock.timer(SAVE_EVERY_MS, () => {
      void save();
      saveLater();
    });
  };

  return {
    loaded: await read(path, log),
    keep(kept) {
      router = kept;
      saveLater();
    },
    async close() {
      cancel?.();
      await save();
    },
  };
}

async function read(path: string, log: Log): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!isMissing) log.warn("What the router learned could not be read", { path, error: String(error) });
    return undefined;
  }
}
