import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { receiptJson, receiptSchema, type Receipt } from "@stargate/kernel";
import { z } from "zod";
import { fail } from "../errors/job-errors.ts";
import {
  jobStates,
  keptOrderSchema,
  outcomeSchema,
  webhookStates,
  type Job,
  type JobState,
  type KeptOrder,
  type Outcome,
} from "./job.ts";
import { jobTables, jobTablesVersion } from "./job-tables.ts";

/** A job as it is handed in. */
export interface NewJob extends Pick<Job, "id" | "tenant" | "createdMs"> {
  readonly order: KeptOrder;
  readonly inputBytes: number;
  readonly webhookUrl: string | undefined;
  /** Who sent which `Idempotency-Key`, and for what. */
  readonly key: { readonly owner: string; readonly fingerprint: string } | undefined;
}

export interface ListJobs {
  readonly state?: JobState | undefined;
  /** Only jobs that came before the one of this sequence. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** How a job ended, as it is written down. */
export interface EndedJob {
  readonly state: Exclude<JobState, "queued" | "running">;
  readonly outcome: Outcome;
  readonly receipt: Receipt | undefined;
  readonly endedMs: number;
  readonly resultBytes: number;
}

type Parameter = string | number | null;

/**
 * Jobs in an SQLite database: the only place that knows SQL. Calls are synchronous and take fractions of a millisecond,
 * those that change something as long as the disk takes to say that it is safe.
 */
export class JobStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Opens or makes the database. Throws SG_JOB_STORE. */
  static async open(path: string): Promise<JobStore> {
    let database: DatabaseSync | undefined;
    try {
      const { DatabaseSync: Database } = await import("node:sqlite");
      database = new Database(path);
      // A write-ahead log: readers and the one writer do not wait for each other, and kill -9 costs nothing.
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000");
      const version = z
        .object({ user_version: z.number() })
        .parse(database.prepare("PRAGMA user_version").get()).user_version;
      if (version > jobTablesVersion)
        throw fail("SG_JOB_STORE", `${path} was written by a newer version of this program`);
      if (version === 0) database.exec(jobTables);
      return new JobStore(database);
    } catch (cause) {
      database?.close();
      throw fail(
        "SG_JOB_STORE",
        `${path} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`,
        {
          cause,
        },
      );
    }
  }

  add({ id, tenant, createdMs, order, inputBytes, webhookUrl, key }: NewJob): Job {
    this.#run(
      `INSERT INTO jobs (id, tenant, created_ms, not_before_ms, job_order, input_bytes, webhook_url, key_owner, key_fingerprint)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      tenant,
      createdMs,
      createdMs,
      JSON.stringify(order),
      inputBytes,
      webhookUrl ?? null,
      key?.owner ?? null,
      key?.fingerprint ?? null,
    );
    return this.#only("SELECT * FROM jobs WHERE id = ?", id);
  }

  /** The job of an id, if it is the tenant's. */
  find(tenant: string, id: string): Job | undefined {
    return this.#jobs("SELECT * FROM jobs WHERE id = ? AND tenant = ?", id, tenant)[0];
  }

  /** The job that was made for an `Idempotency-Key`, and what for. */
  findByKey(owner: string): { readonly job: Job; readonly fingerprint: string } | undefined {
    const row = this.#rows("SELECT * FROM jobs WHERE key_owner = ?", owner)[0];
    return row === undefined ? undefined : { job: jobOf(row), fingerprint: rowSchema.parse(row).key_fingerprint ?? "" };
  }

  /** A tenant's jobs, the newest first. */
  list(tenant: string, { state, before, limit }: ListJobs): readonly Job[] {
    return this.#jobs(
      `SELECT * FROM jobs WHERE tenant = ? AND sequence < ? AND (? IS NULL OR state = ?) ORDER BY sequence DESC LIMIT ?`,
      tenant,
      before ?? Number.MAX_SAFE_INTEGER,
      state ?? null,
      state ?? null,
      limit,
    );
  }

  /** Of the tenants with the fewest jobs running, the job that has waited longest. */
  next(nowMs: number): Job | undefined {
    return this.#jobs(
      `SELECT waiting.* FROM jobs AS waiting
       WHERE waiting.state = 'queued' AND waiting.not_before_ms <= ?
       ORDER BY (SELECT COUNT(*) FROM jobs AS other WHERE other.state = 'running' AND other.tenant = waiting.tenant),
         waiting.sequence
       LIMIT 1`,
      nowMs,
    )[0];
  }

  /** When the next job that has to wait may begin. */
  nextNotBeforeMs(): number | undefined {
    return this.#number("SELECT MIN(not_before_ms) AS value FROM jobs WHERE state = 'queued'");
  }

  begin(id: string, nowMs: number): Job {
    this.#run("UPDATE jobs SET state = 'running', started_ms = ?, attempts = attempts + 1 WHERE id = ?", nowMs, id);
    return this.#only("SELECT * FROM jobs WHERE id = ?", id);
  }

  /** Puts a job back into the queue; `countsAttempt` is false when the gateway itself broke it off. */
  requeue(id: string, { notBeforeMs, countsAttempt }: { notBeforeMs: number; countsAttempt: boolean }): void {
    this.#run(
      "UPDATE jobs SET state = 'queued', started_ms = NULL, not_before_ms = ?, attempts = attempts - ? WHERE id = ? AND state = 'running'",
      notBeforeMs,
      countsAttempt ? 0 : 1,
      id,
    );
  }

  /** Writes the end of a job and forgets its inputs, unless it has ended already. True when it was this call that ended it. */
  end(id: string, { state, outcome, receipt, endedMs, resultBytes }: EndedJob): boolean {
    return (
      this.#run(
        `UPDATE jobs SET state = ?, outcome = ?, ended_ms = ?, input_bytes = 0, result_bytes = ?, receipt_id = ?, receipt = ?,
           job_order = json_set(job_order, '$.inputs', json('{}')),
           webhook_state = IIF(webhook_url IS NULL, NULL, 'pending'), webhook_next_ms = ?
         WHERE id = ? AND state IN ('queued', 'running')`,
        state,
        JSON.stringify(outcome),
        endedMs,
        resultBytes,
        receipt?.id ?? null,
        receipt === undefined ? null : receiptJson(receipt),
        endedMs,
        id,
      ) > 0
    );
  }

  /** Writes what of a result is kept now. */
  keepOutcome(id: string, outcome: Outcome, resultBytes: number): void {
    this.#run("UPDATE jobs SET outcome = ?, result_bytes = ? WHERE id = ?", JSON.stringify(outcome), resultBytes, id);
  }

  remove(id: string): void {
    this.#run("DELETE FROM jobs WHERE id = ?", id);
  }

  running(): readonly Job[] {
    return this.#jobs("SELECT * FROM jobs WHERE state = 'running' ORDER BY sequence");
  }

  /** Ids of all jobs there are. */
  ids(): ReadonlySet<string> {
    return new Set(this.#rows("SELECT id FROM jobs").map(({ id }) => String(id)));
  }

  countQueued(tenant?: string): number {
    return (
      this.#number(
        "SELECT COUNT(*) AS value FROM jobs WHERE state = 'queued' AND (? IS NULL OR tenant = ?)",
        tenant ?? null,
        tenant ?? null,
      ) ?? 0
    );
  }

  counts(): { readonly queued: number; readonly running: number } {
    return {
      queued: this.countQueued(),
      running: this.#number("SELECT COUNT(*) AS value FROM jobs WHERE state = 'running'") ?? 0,
    };
  }

  /** Bytes of all inputs and results. */
  diskBytes(): number {
    return this.#number("SELECT SUM(input_bytes + result_bytes) AS value FROM jobs") ?? 0;
  }

  /** Jobs that ended before a time, the oldest first. */
  endedBefore(endedMs: number): readonly Job[] {
    return this.#jobs("SELECT * FROM jobs WHERE ended_ms < ? ORDER BY ended_ms", endedMs);
  }

  /** The job whose result has been kept longest. */
  oldestResult(): Job | undefined {
    return this.#jobs("SELECT * FROM jobs WHERE result_bytes > 0 ORDER BY ended_ms LIMIT 1")[0];
  }

  receipt(tenant: string, receiptId: string): Receipt | undefined {
    const row = this.#rows("SELECT receipt FROM jobs WHERE receipt_id = ? AND tenant = ?", receiptId, tenant)[0];
    return row === undefined ? undefined : receiptSchema.parse(JSON.parse(String(row["receipt"])));
  }

  /** Jobs whose end is to be told now. */
  dueWebhooks(nowMs: number, limit: number): readonly Job[] {
    return this.#jobs(
      "SELECT * FROM jobs WHERE webhook_state = 'pending' AND webhook_next_ms <= ? ORDER BY webhook_next_ms LIMIT ?",
      nowMs,
      limit,
    );
  }

  nextWebhookMs(): number | undefined {
    return this.#number("SELECT MIN(webhook_next_ms) AS value FROM jobs WHERE webhook_state = 'pending'");
  }

  noteWebhook(id: string, { state, attempts, nextMs, message }: Omit<NonNullable<Job["webhook"]>, "url">): void {
    this.#run(
      "UPDATE jobs SET webhook_state = ?, webhook_attempts = ?, webhook_next_ms = ?, webhook_message = ? WHERE id = ?",
      state,
      attempts,
      nextMs,
      message ?? null,
      id,
    );
  }

  close(): void {
    this.#database.close();
  }

  #rows(sql: string, ...parameters: Parameter[]): readonly Row[] {
    return this.#prepared(sql).all(...parameters);
  }

  #jobs(sql: string, ...parameters: Parameter[]): readonly Job[] {
    return this.#rows(sql, ...parameters).map(jobOf);
  }

  #only(sql: string, ...parameters: Parameter[]): Job {
    const [job] = this.#jobs(sql, ...parameters);
    if (job === undefined) throw fail("SG_JOB_STORE", "A job that was just written is not there");
    return job;
  }

  #number(sql: string, ...parameters: Parameter[]): number | undefined {
    return z.object({ value: z.number().nullable() }).parse(this.#prepared(sql).get(...parameters)).value ?? undefined;
  }

  /** Rows changed. */
  #run(sql: string, ...parameters: Parameter[]): number {
    try {
      return Number(this.#prepared(sql).run(...parameters).changes);
    } catch (cause) {
      throw fail("SG_JOB_STORE", `The database of jobs refused a change: ${String(cause)}`, { cause });
    }
  }

  #prepared(sql: string): ReturnType<DatabaseSync["prepare"]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}

type Row = Record<string, SQLOutputValue>;

const rowSchema = z.object({
  sequence: z.number(),
  id: z.string(),
  tenant: z.string(),
  state: z.enum(jobStates),
  created_ms: z.number(),
  started_ms: z.number().nullable(),
  ended_ms: z.number().nullable(),
  attempts: z.number(),
  job_order: z.string(),
  outcome: z.string(),
  receipt_id: z.string().nullable(),
  key_fingerprint: z.string().nullable(),
  webhook_url: z.string().nullable(),
  webhook_state: z.enum(webhookStates).nullable(),
  webhook_attempts: z.number(),
  webhook_next_ms: z.number().nullable(),
  webhook_message: z.string().nullable(),
});

function jobOf(value: Row): Job {
  const row = rowSchema.parse(value);
  return {
    sequence: row.sequence,
    id: row.id,
    tenant: row.tenant,
    state: row.state,
    createdMs: row.created_ms,
    startedMs: row.started_ms ?? undefined,
    endedMs: row.ended_ms ?? undefined,
    attempts: row.attempts,
    order: keptOrderSchema.parse(JSON.parse(row.job_order)),
    outcome: outcomeSchema.parse(JSON.parse(row.outcome)),
    receiptId: row.receipt_id ?? undefined,
    webhook:
      row.webhook_url === null
        ? undefined
        : {
            url: row.webhook_url,
            state: row.webhook_state ?? "pending",
            attempts: row.webhook_attempts,
            nextMs: row.webhook_next_ms ?? 0,
            message: row.webhook_message ?? undefined,
          },
  };
}
