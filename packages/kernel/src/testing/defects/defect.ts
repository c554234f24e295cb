import type { AdapterSubject } from "../conformance/adapter-subject.ts";

/** A deliberately broken adapter, and the one check that must catch it. */
export interface Defect {
  readonly name: string;
  /** Id of the check that fails; no other may. */
  readonly caughtBy: string;
  readonly subject: AdapterSubject;
}
