import { checkFormat, fixFormat, fixLint, lint } from "../test/tools.mjs";

/**
 * Checks format and lint rules; `--fix` formats and repairs what can be repaired.
 *
 * @param {readonly string[]} lintArguments
 */
export async function run(lintArguments) {
  if (lintArguments.includes("--fix")) return (await fixLint()) || (await fixFormat());
  return (await checkFormat()) || (await lint());
}
