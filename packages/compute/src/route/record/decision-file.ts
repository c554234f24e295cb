import { appendFile, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Log } from "@stargate/kernel";
import { type DecisionRecord, decisionRecordSchema } from "./decision-record.ts";

export interface DecisionFileOptions {
  /** One JSON record per line; older ones in `<path>.1`, `<path>.2` ... */
  readonly path: string;
  /** A file that is larger is put aside. Default 16 MiB. */
  readonly maxBytes?: number | undefined;
  /** Files kept beside the current one. Default 4. */
  readonly keptFiles?: number | undefined;
  readonly log?: Log | undefined;
}

/** Decisions on disk, bounded in size. */
export interface DecisionFile {
  /** For `RouterOptions.onRecord`: never waits. Records that the disk is too slow for are dropped and counted. */
  readonly add: (record: DecisionRecord) => void;
  readonly dropped: number;
  /** The record of a decision, from whichever file has it. */
  find(decision: string): Promise<DecisionRecord | undefined>;
  /** Everything added so far is on disk. */
  flush(): Promise<void>;
}

const MAX_BYTES = 16 * 2 ** 20;
const KEPT_FILES = 4;
const LARGEST_BACKLOG = 10_000;

/** Appends decisions to a file and puts it aside when it has grown. A disk that fails costs records, never decisions. */
export function createDecisionFile(options: DecisionFileOptions): DecisionFile {
  return new RotatingFile(options);
}

class RotatingFile implements DecisionFile {
  readonly #options: DecisionFileOptions;
  #backlog: DecisionRecord[] = [];
  #writing: Promise<void> = Promise.resolve();
  #isScheduled = false;
  #sizeBytes: number | undefined;
  #dropped = 0;

  constructor(options: DecisionFileOptions) {
    this.#options = options;
  }

  readonly add = (record: DecisionRecord): void => {
    if (this.#backlog.length >= LARGEST_BACKLOG) {
      this.#dropped += 1;
      return;
    }
    this.#backlog.push(record);
    this.#schedule();
  };

  get dropped(): number {
    return this.#dropped;
  }

  async find(decision: string): Promise<DecisionRecord | undefined> {
    await this.flush();
    const mark = `"id":${JSON.stringify(decision)}`;
    for (let file = 0; file <= (this.#options.keptFiles ?? KEPT_FILES); file++) {
      const text = await readFile(this.#name(file), "utf8").catch(() => "");
      const line = text.split("\n").find((one) => one.includes(mark));
      const parsed = line === undefined ? undefined : decisionRecordSchema.safeParse(parseJson(line));
      if (parsed?.success === true) return parsed.data;
    }
    return undefined;
  }

  flush(): Promise<void> {
    return this.#writing;
  }

  #name(file: number): string {
    return file === 0 ? this.#options.path : `${this.#options.path}.${file}`;
  }

  /** One write at a time; what comes meanwhile goes with the next. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#writing = this.#writing.then(async () => {
      this.#isScheduled = false;
      const batch = this.#backlog;
      this.#backlog = [];
      await this.#write(batch).catch((error: unknown) => {
        this.#dropped += batch.length;
        this.#options.log?.warn("Decisions could not be written", { path: this.#options.path, reason: String(error) });
      });
    });
  }

  async #write(batch: readonly DecisionRecord[]): Promise<void> {
    const { path, maxBytes = MAX_BYTES } = this.#options;
    const text = batch.map((record) => `${JSON.stringify(record)}\n`).join("");
    this.#sizeBytes ??= await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
    if (this.#sizeBytes > 0 && this.#sizeBytes + text.length > maxBytes) await this.#putAside();
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, text);
    this.#sizeBytes = (this.#sizeBytes ?? 0) + Buffer.byteLength(text);
  }

  async #putAside(): Promise<void> {
    const kept = this.#options.keptFiles ?? KEPT_FILES;
    await rm(this.#name(kept), { force: true });
    for (let file = kept - 1; file >= 0; file--)
      await rename(this.#name(file), this.#name(file + 1)).catch(() => undefined);
    this.#sizeBytes = 0;
  }
}

/** A torn last line is no record. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
