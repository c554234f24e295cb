import type { ModelUse } from "../../contract/compute-plane.ts";
import type { Payload } from "../../contract/payload.ts";
import type { ResultCache, StepResult } from "../../contract/result-cache.ts";
import type { Rung } from "../../contract/run-context.ts";
import { digestJson } from "../../util/digest.ts";
import type { Json } from "../../util/json.ts";
import { StreamReader } from "../edge/stream-reader.ts";
import { Attempt } from "./attempt.ts";
import type { Invocation } from "./invoke-transform.ts";
import { inputDescriptor, type TransformInput } from "./transform-inputs.ts";

type ValueInput = TransformInput & { readonly from: Payload };

/**
 * What identifies a payload that a deterministic step made: the digest of what it was made from. So only what comes
 * from outside is ever hashed by its content.
 */
const identities = new WeakMap<Payload, string>();

/** Where the result of one invocation would be kept. */
export interface Keeping {
  readonly cache: ResultCache;
  readonly key: string;
}

/**
 * Where the result of an invocation may be kept. Undefined for steps that are stateful, read streams, reach for the
 * network, depend on more than their input, are pinned to a place, or are not worth it: most steps, so this is cheap.
 */
export function keepingOf(invocation: Invocation): Promise<Keeping> | undefined {
  const { run, step, record, inputs } = invocation;
  const cache = run.host.results;
  const { transform } = step;
  if (cache === undefined || !transform.deterministic || transform.network || transform.state !== undefined)
    return undefined;
  if (record.policy.compute !== undefined || record.policy.residency !== undefined) return undefined;
  if (!inputs.every((input): input is ValueInput => !(input.from instanceof StreamReader))) return undefined;
  if (transform.cost(inputDescriptor(inputs)).ms < cache.worthMs) return undefined;
  return keyed(invocation, cache, inputs);
}

/** The key is made of version, options and the identity of every input. */
async function keyed(
  { record, step }: Invocation,
  cache: ResultCache,
  inputs: readonly ValueInput[],
): Promise<Keeping> {
  const parts = await Promise.all(
    inputs.map(async ({ port, from }) => [port, identities.get(from) ?? (await from.digest())] as const),
  );
  const key = digestJson({
    uses: record.uses,
    options: jsonOf(step.options),
    inputs: Object.fromEntries(parts),
  });
  return { cache, key };
}

/** Options as JSON: they came from JSON or are as plain; what is not (a function) has no part in what is computed. */
function jsonOf(options: unknown): Json {
  return JSON.parse(JSON.stringify(options ?? null)) as Json; // what JSON.parse gives is JSON
}

/** A result made earlier of the same input by the same models. */
export async function keptResult({ cache, key }: Keeping, { run }: Invocation): Promise<StepResult | undefined> {
  const kept = await cache.get(run.tenant, key);
  for (const { model, variant, digest } of kept?.models ?? []) {
    if (digest === null || (await run.host.compute.digest?.(model, variant)) !== digest) return undefined;
  }
  return kept;
}

/** An attempt that reports again what the kept one reported. */
export function replayedAttempt({ run, process, step, record }: Invocation, kept: StepResult): Attempt {
  const [rung] = step.transform.ladder;
  const attempt = new Attempt({
    run,
    scope: process.scope,
    record,
    transform: step.transform,
    options: step.options,
    rung: rung as Rung, // the ladder is not empty
    measured: undefined,
    item: process.scope.item,
    deadlineMs: run.deadlineMs,
  });
  for (const [measure, report] of kept.coverage) attempt.coverage({ ...report, measure });
  for (const issue of kept.issues) attempt.issue(issue);
  attempt.disclose(kept.facts);
  return attempt;
}

/** Keeps the result of an attempt that succeeded on the best rung, with nothing degraded. */
export function keepResult({ cache, key }: Keeping, { run, step }: Invocation, attempt: Attempt, value: unknown): void {
  const { degraded, reported } = attempt;
  const models = reported.models.map(({ model, variant, digest }: ModelUse) => ({ model, variant, digest }));
  if (degraded || models.some(({ digest }) => digest === null)) return;
  cache.put(
    run.tenant,
    key,
    { value, coverage: [...(attempt.reports ?? [])], issues: reported.issues, facts: reported.facts, models },
    { sizeBytes: step.output.modality.sizeOf?.(value) },
  );
}

/** The payload was made under this key. */
export function identify(payload: Payload, { key }: Keeping): void {
  identities.set(payload, key);
}
