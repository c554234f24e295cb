import { isStargateError } from "@stargate/kernel";
import { loadConfig } from "../../config/load-config.ts";
import type { Terminal } from "../terminal.ts";
import { checkKeys, checkOpenings } from "./check-access.ts";
import { checkGate } from "./check-gate.ts";
import { checkLimits, checkNode, checkPort, checkScratch } from "./check-machine.ts";
import { checkModels } from "./check-models.ts";
import { checkPools } from "./check-pools.ts";
import { fine, type Check, type Finding } from "./finding.ts";

const checks: readonly Check[] = [
  checkPort,
  checkScratch,
  checkLimits,
  checkKeys,
  checkOpenings,
  checkModels,
  checkPools,
  checkGate,
];

/** Runs every check. A configuration that cannot be read is the one finding; everything else would be a guess. */
export async function examine(terminal: Terminal, configFile: string | undefined): Promise<readonly Finding[]> {
  const node = checkNode();
  try {
    const { config, directory, file } = await loadConfig({ file: configFile, directory: terminal.directory });
    const findings = [...node, ...fine("configuration", file ?? "No file: everything has its default")];
    for (const check of checks)
      findings.push(
        ...(await check({ config, directory, environment: terminal.environment, signal: terminal.signal })),
      );
    return findings;
  } catch (error) {
    if (!isStargateError(error)) throw error;
    return [...node, { check: "configuration", status: "failed", message: error.message, hint: error.hint }];
  }
}
