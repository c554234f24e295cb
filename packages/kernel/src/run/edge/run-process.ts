import type { Process } from "./process.ts";

/** Runs the work of a process to its end. What it throws fails the process' scope. Never rejects. */
export async function runProcess(process: Process, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.scope.fail({ error, step: process.name });
  } finally {
    process.end();
  }
}
