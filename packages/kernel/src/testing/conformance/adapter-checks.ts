import type { AdapterSubject } from "./adapter-subject.ts";
import { behaviourChecks } from "./behaviour-checks.ts";
import type { Check } from "./check.ts";
import { definitionChecks } from "./definition-checks.ts";
import { hostChecks } from "./host-checks.ts";
import { modalityChecks } from "./modality-checks.ts";

/** Everything `describeAdapter` checks, in order. */
export const adapterChecks: readonly Check<AdapterSubject>[] = [
  ...definitionChecks,
  ...modalityChecks,
  ...behaviourChecks,
  ...hostChecks,
];
