import { appendFile, mkdir, open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Log } from "@stargate/kernel";
import { type DecisionRecord, decisionRecordSchema } from "../route/record/decision-record.ts";

export interface DecisionFileOptions {
  /** "decisions.jsonl"; the generation before lies beside it as "decisions.jsonl.1". */
  readonly path: string;
  readonly log: Log;
  /** Size at which a new file is begun. Default 16 MiB: with the one before it, some ten thousand decisions. */
  readonly maxBytes?: number | undefined;
}

/** Routing decisions on disk, one JSON line each: so that a receipt can be explained after a restart. */
export interface DecisionFile {
  /** Never waits: lines are written behind the caller's back, and dropped when the disk cannot follow. */
  append(record: DecisionRecord): void;
  find(ids: ReadonlySet<string>): Promise<readonly DecisionRecord[]>;
  close(): Promise<void>;
}

const MAX_BYTES = 16 * 2 ** 20;
/** Lines waiting for the disk; more than that is dropped and told. */
const MAX_WAITING = 10_000;

export function createDecisionFile({ path, log, maxBytes = MAX_BYTES }: DecisionFileOptions): DecisionFile {
  let waiting: string[] = [];
  let dropped = 0;
  let writing: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      const size = await stat(path).then(
        ({ size: bytes }) => bytes,
        () => 0,
      );
      if (size > maxBytes) await rename(path, `${path}.1`);
      await appendFile(path, lines.join(""), { mode: 0o600 });
    }
  };
  const writeSoon = (): void => {
    writing ??= write()
      .catch((error: unknown) =>
        log.warn("Routing decisions could not be written down", { path, error: String(error) }),
      )
      .finally(() => {
        writing = undefined;
        if (dropped > 0) log.warn("Routing decisions were not written down: the disk is too slow", { dropped });
        dropped = 0;
      });
  };

  return {
    append(record) {
      if (waiting.length >= MAX_WAITING) {
        dropped += 1;
        return;
      }
      waiting.push(`${JSON.stringify(record)}\n`);
      writeSoon();
    },
    async find(ids) {
      await writing;
      const found = [...(await scan(`${path}.1`, ids)), ...(await scan(path, ids))];
      return found.toSorted((a, b) => a.at.localeCompare(b.at));
    },
    async close() {
      await writing;
    },
  };
}

/** Records of a file by id. Lines that are cut off or of another version do not count. */
async function scan(path: string, ids: ReadonlySet<string>): Promise<readonly DecisionRecord[]> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return [];
  const found: DecisionRecord[] = [];
  for await (const line of file.readLines()) {
    const id = /"id":"([^"]+)"/.exec(line)?.[1]; // parsing every line would take seconds
    if (id === undefined || !ids.has(id)) continue;
    const parsed = decisionRecordSchema.safeParse(parseLine(line));
    if (parsed.success) found.push(parsed.data);
  }
  return found;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
