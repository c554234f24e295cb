import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { ROOT } from "../../scripts/setup/paths.mjs";

/** Folder of samples, models and data that are not ours to redistribute; beside the checkout by default. */
const SHARED = process.env["STARGATE_SHARED"] ?? join(ROOT, "..", "shared");

/**
 * Path of a shared file, or the running test is skipped with a printed reason.
 *
 * @example
 * test("reads the sample", (context) => {
 *   const path = sharedFile(context, "samples/linn.png");
 * });
 */
export function sharedFile(context: TestContext, name: string): string {
  const path = join(SHARED, name);
  const isAbsent = !existsSync(path);
  context.skip(isAbsent, `shared file ${name} is absent; put it beside the checkout or set STARGATE_SHARED`);
  return path;
}
