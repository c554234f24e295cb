import type { PoolTelemetry } from "@stargate/compute";

/** What a simple gateway knows of pools: their last report, and its own calls that have not ended. */
export class Outstanding {
  readonly #reports = new Map<string, PoolTelemetry>();
  readonly #own = new Map<string, number>();
  readonly #places = new Map<string, string>();
  #tickets = 0;

  report(pool: string, telemetry: PoolTelemetry): void {
    this.#reports.set(pool, telemetry);
  }

  backlogMs(pool: string): number {
    return this.#reports.get(pool)?.backlogMs ?? 0;
  }

  /** Jobs per slot as reported, and own calls on top. */
  depth(pool: string): number {
    const report = this.#reports.get(pool);
    const jobs = (report?.busySlots ?? 0) + (report?.queuedJobs ?? 0);
    return jobs / Math.max(1, report?.slots ?? 100);
  }

  own(pool: string): number {
    return this.#own.get(pool) ?? 0;
  }

  begin(pool: string): string {
    const ticket = String(this.#tickets++);
    this.#own.set(pool, this.own(pool) + 1);
    this.#places.set(ticket, pool);
    return ticket;
  }

  end(ticket: string): void {
    const pool = this.#places.get(ticket);
    if (pool === undefined) return;
    this.#places.delete(ticket);
    this.#own.set(pool, this.own(pool) - 1);
  }
}
