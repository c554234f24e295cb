import { isStargateError, openGate, type Adapter } from "@stargate/kernel";
import { adapterEntries, loadAdapter } from "../../composition-root.ts";
import { lintPipelines } from "../../gateway/load-pipelines.ts";
import { checksOf } from "../commands/adapters.ts";
import { fine, type Check, type Examination, type Finding } from "./finding.ts";

/** Adapters load, fit the kernel, and find on this machine what they need; pipelines compile. */
export const checkGate: Check = async (examination) => {
  const { adapters, failures } = await openAdapters(examination);
  let gate;
  try {
    gate = await openGate({ adapters });
  } catch (error) {
    return [...failures, finding("adapters", error)];
  }
  try {
    return [
      ...failures,
      ...(await adapterFindings(adapters, examination.signal)),
      ...(await pipelineFindings(gate, examination)),
    ];
  } finally {
    await gate.close();
  }
};

async function openAdapters({
  config,
  directory,
}: Examination): Promise<{ readonly adapters: readonly Adapter[]; readonly failures: readonly Finding[] }> {
  const adapters: Adapter[] = [];
  const failures: Finding[] = [];
  for (const entry of adapterEntries(config)) {
    try {
      adapters.push(await loadAdapter(entry, config.limits, directory));
    } catch (error) {
      failures.push(finding("adapters", error));
    }
  }
  return { adapters, failures };
}

async function adapterFindings(adapters: readonly Adapter[], signal: AbortSignal): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const adapter of adapters) {
    const checks = await checksOf(adapter, signal);
    if (checks.length === 0)
      findings.push(...fine(`adapter ${adapter.id}`, `${adapter.version}, needs nothing from the machine`));
    for (const { name, status, message, hint } of checks)
      findings.push({ check: `adapter ${adapter.id}`, status, message: `${name}: ${message}`, hint });
  }
  return findings;
}

async function pipelineFindings(
  gate: Parameters<typeof lintPipelines>[0],
  { config, directory }: Examination,
): Promise<readonly Finding[]> {
  const linted = await lintPipelines(gate, config.pipelines, directory);
  const failed = linted.flatMap((line) =>
    "error" in line
      ? [
          {
            ...finding("pipelines", line.error),
            ...(line.file === null ? {} : { message: `${line.file}: ${messageOf(line.error)}` }),
          },
        ]
      : [],
  );
  return failed.length > 0
    ? failed
    : fine("pipelines", linted.length === 0 ? "None configured" : `${linted.length} compile`);
}

function finding(check: string, error: unknown): Finding {
  return { check, status: "failed", message: messageOf(error), hint: isStargateError(error) ? error.hint : undefined };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
