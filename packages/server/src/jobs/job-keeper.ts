import type { Clock, Log } from "@stargate/kernel";
import { formatBytes } from "../config/byte-size.ts";
import { fail } from "../errors/job-errors.ts";
import type { Job } from "./job.ts";
import type { JobFiles } from "./job-files.ts";
import type { JobsConfig } from "./jobs-schema.ts";
import type { JobStore } from "./job-store.ts";

export interface JobKeeperOptions {
  readonly store: JobStore;
  readonly files: JobFiles;
  readonly config: Pick<JobsConfig, "keepSeconds" | "maxDiskBytes">;
  readonly clock: Clock;
  readonly log: Log;
}

/** Longest time between two looks for jobs that are too old. */
const LOOK_MS = 60_000;

/** Keeps what jobs leave behind within its time and room. */
export class JobKeeper {
  readonly #options: JobKeeperOptions;
  #tidying: Promise<void> | undefined;
  #isStopped = false;
  #stopTimer: (() => void) | undefined;

  constructor(options: JobKeeperOptions) {
    this.#options = options;
  }

  /** Removes what is too old or too much, in the background, and looks again later. */
  tidySoon(): void {
    if (this.#isStopped) return;
    this.#stopTimer?.();
    this.#tidying ??= this.#tidy()
      .catch((error: unknown) => this.#options.log.warn("Old jobs could not be removed", { error: String(error) }))
      .finally(() => {
        this.#tidying = undefined;
        if (this.#isStopped) return;
        const { clock, config } = this.#options;
        this.#stopTimer = clock.timer(Math.min(LOOK_MS, config.keepSeconds * 1000), () => this.tidySoon());
      });
  }

  /** Makes results give way to an input. Throws SG_JOB_DISK_FULL when there are too few. */
  async makeRoom(bytes: number): Promise<void> {
    const { store, config } = this.#options;
    await this.#shrinkTo(config.maxDiskBytes - bytes);
    const used = store.diskBytes();
    if (used + bytes > config.maxDiskBytes)
      throw fail(
        "SG_JOB_DISK_FULL",
        `The input has ${formatBytes(bytes)}, and jobs take ${formatBytes(used)} of ${formatBytes(config.maxDiskBytes)} already (jobs.maxDiskBytes)`,
      );
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopTimer?.();
    await this.#tidying;
  }

  async #tidy(): Promise<void> {
    const { store, files, clock, config } = this.#options;
    for (const { id } of store.endedBefore(clock.epochMs() - config.keepSeconds * 1000)) {
      await files.remove(id);
      if (this.#isStopped) return;
      store.remove(id);
    }
    await this.#shrinkTo(config.maxDiskBytes);
  }

  async #shrinkTo(bytes: number): Promise<void> {
    const { store } = this.#options;
    while (!this.#isStopped && store.diskBytes() > bytes) {
      const oldest = store.oldestResult();
      if (oldest === undefined) return;
      await this.#dropResult(oldest);
    }
  }

  async #dropResult({ outcome, id }: Job): Promise<void> {
    const { store, files } = this.#options;
    const { answer: _answer, value: _value, ...rest } = outcome;
    store.keepOutcome(id, rest, 0);
    await files.remove(id);
  }
}
