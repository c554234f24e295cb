import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What the hosts of one pool do wrong. */
export interface Faults {
  /** Runs take so many times as long. */
  readonly slowness?: number;
  /** Every output is off by one, or no number at all. */
  readonly outputs?: "wrong" | "nan";
  /** Most items that fit into the device's memory. */
  readonly maxItems?: number;
  /** Every run fails with an error that may pass. */
  readonly fails?: boolean;
  /** Every host ends as soon as it touches the device, which has gone. */
  readonly dead?: boolean;
  /** Every run keeps so many bytes for ever. */
  readonly leakBytes?: number;
}

/** An input that ends its host each time, as one that crashes an engine would. */
export const poisonId = 1_000_001;
/** An input for which no memory is enough. */
export const greedyId = 1_000_002;

/** One run on a host. */
export interface HostRun {
  readonly processId: number;
  /** Unix milliseconds. */
  readonly atMs: number;
  /** First number of every item: `poisonId`, `greedyId`, or whatever the caller took. */
  readonly ids: readonly number[];
}

/** What a test says to the hosts of one pool, and what they tell it: files in a folder, read before every run. */
export class FaultControl {
  readonly #folder: string;

  constructor(folder: string, pool: string) {
    this.#folder = join(folder, pool);
    mkdirSync(this.#folder, { recursive: true });
  }

  /** From the next run on. */
  set(faults: Faults): void {
    const part = join(this.#folder, "faults.part");
    writeFileSync(part, JSON.stringify(faults));
    renameSync(part, join(this.#folder, "faults.json"));
  }

  /** Processes that have loaded a model and are alive. */
  hosts(): readonly number[] {
    return this.#files(".host").filter(isAlive);
  }

  /** Processes there have ever been. */
  hostsEver(): readonly number[] {
    return this.#files(".host");
  }

  /** Every run so far, in no order between hosts. */
  runs(): readonly HostRun[] {
    return this.#files(".runs").flatMap((processId) => {
      const lines = readFileSync(join(this.#folder, `${processId}.runs`), "utf8")
        .trim()
        .split("\n");
      return lines.map((line) => {
        const [atMs = 0, ...ids] = line.split(" ").map(Number);
        return { processId, atMs, ids };
      });
    });
  }

  #files(suffix: string): readonly number[] {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith(suffix))
      .map((name) => Number.parseInt(name, 10));
  }
}

/** A process that has ended and was not waited for does not count. */
function isAlive(processId: number): boolean {
  return existsSync(`/proc/${processId}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${processId}/stat`, "utf8"));
}
