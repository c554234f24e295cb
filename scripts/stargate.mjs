#!/usr/bin/env node
// Entry of `npm start`, `npm test`, `npm run stargate|bench|build|lint`. This file and setup/ are plain JavaScript without
// dependencies: they also run on a Node that is too old for everything else here, and before anything is
// installed. The verbs are TypeScript, which a suitable Node runs as it is.
import { ensureDependencies } from "./setup/dependencies.mjs";
import { runWithSuitableNode } from "./setup/node-runtime.mjs";
import { SetupError } from "./setup/setup-error.mjs";
import { ensureSystemTools } from "./setup/system-tools.mjs";

const VERBS = ["start", "test", "stargate", "bench", "build", "lint"];

/** @returns {Promise<number>} exit code */
async function main() {
  const [verb, ...verbArguments] = process.argv.slice(2);
  if (verb === undefined || !VERBS.includes(verb)) {
    throw new SetupError(`Unknown verb "${verb ?? ""}"`, `Use one of: ${VERBS.join(", ")}`);
  }
  const exitCodeElsewhere = await runWithSuitableNode(process.argv.slice(1));
  if (exitCodeElsewhere !== undefined) return exitCodeElsewhere;
  await ensureDependencies();
  await ensureSystemTools(verb);
  const { run } = await import(`./verbs/${verb}.ts`);
  return run(verbArguments);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`stargate: ${error.message}\n  Hint: ${error.hint}\n`);
  process.exitCode = 1;
}
