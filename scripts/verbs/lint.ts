import { checkFormat, fixFormat, fixLint, lint } from "../gates/tools.ts";

/** Checks format and lint rules; `--fix` repairs what can be repaired, then formats. */
export async function run(lintArguments: readonly string[]): Promise<number> {
  if (lintArguments.includes("--fix")) {
    const lintExitCode = await fixLint();
    return (await fixFormat()) || lintExitCode;
  }
  return (await checkFormat()) || (await lint());
}
