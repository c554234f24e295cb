import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isStargateError } from "@stargate/kernel";
import { lockFolder } from "../connectors/folder-lock.ts";
import { fail } from "../errors/job-errors.ts";
import { createJobFiles, type JobFiles } from "./job-files.ts";
import { JobStore } from "./job-store.ts";

/** The jobs of a state directory, held by this process alone. */
export interface OpenStore {
  readonly store: JobStore;
  readonly files: JobFiles;
  close(): Promise<void>;
}

/** Whether a state directory has jobs. */
export function hasJobs(stateFolder: string): boolean {
  return existsSync(databaseOf(stateFolder));
}

/** Opens database and folder. Throws SG_JOB_ELSEWHERE while another process works on them, SG_JOB_STORE. */
export async function openStore(stateFolder: string): Promise<OpenStore> {
  const folder = join(stateFolder, "jobs");
  const filesFolder = join(folder, "files");
  try {
    await mkdir(filesFolder, { recursive: true, mode: 0o700 });
    const lock = await lockFolder(folder);
    try {
      const store = await JobStore.open(databaseOf(stateFolder));
      const files = createJobFiles(filesFolder);
      await files.removeOthers(store.ids());
      return {
        store,
        files,
        async close() {
          store.close();
          await lock.release();
        },
      };
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (cause) {
    if (isStargateError(cause) && cause.code === "SG_JOB_STORE") throw cause;
    if (isStargateError(cause) && cause.code === "SG_CONNECTOR_LOCKED")
      throw fail("SG_JOB_ELSEWHERE", "Another process works on the jobs of this gateway's state directory", { cause });
    throw fail("SG_JOB_STORE", `The jobs in ${folder} cannot be opened: ${String(cause)}`, { cause });
  }
}

function databaseOf(stateFolder: string): string {
  return join(stateFolder, "jobs.sqlite");
}
