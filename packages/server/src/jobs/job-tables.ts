/** Version of the tables, in the database's own user_version. */
export const jobTablesVersion = 1;

/**
 * One row per job. Times are milliseconds since the epoch. `sequence` never gives a number twice, so that it can be a
 * place to go on from in a list. `job_order`, `outcome` and `receipt` are JSON; inputs and results lie in files beside the database.
 */
export const jobTables = `
BEGIN;
CREATE TABLE jobs (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued',
  created_ms REAL NOT NULL,
  started_ms REAL,
  ended_ms REAL,
  not_before_ms REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  job_order TEXT NOT NULL,
  outcome TEXT NOT NULL DEFAULT '{}',
  input_bytes INTEGER NOT NULL,
  result_bytes INTEGER NOT NULL DEFAULT 0,
  receipt_id TEXT,
  receipt TEXT,
  key_owner TEXT UNIQUE,
  key_fingerprint TEXT,
  webhook_url TEXT,
  webhook_state TEXT,
  webhook_attempts INTEGER NOT NULL DEFAULT 0,
  webhook_next_ms REAL,
  webhook_message TEXT
) STRICT;
CREATE INDEX jobs_of_tenant ON jobs (tenant, sequence);
CREATE INDEX jobs_by_state ON jobs (state, not_before_ms);
CREATE INDEX jobs_by_end ON jobs (ended_ms);
CREATE INDEX jobs_by_receipt ON jobs (receipt_id) WHERE receipt_id IS NOT NULL;
CREATE INDEX jobs_to_tell ON jobs (webhook_next_ms) WHERE webhook_state = 'pending';
PRAGMA user_version = ${jobTablesVersion};
COMMIT;
`;
