import { scopedCompute } from "../compute/scoped-compute.ts";
import type { CoverageReport } from "../contract/coverage.ts";
import type { Host } from "../contract/host.ts";
import type { IssueReport, MeterLine, RunContext, Rung } from "../contract/run-context.ts";
import type { AnyTransform } from "../contract/transform.ts";
import { fail } from "../errors/catalog.ts";
import { createPortableHost } from "../run/host/portable-host.ts";
import type { JsonObject } from "../util/json.ts";

export interface TestContextOptions {
  readonly signal?: AbortSignal | undefined;
  readonly rung?: Rung | undefined;
  readonly options?: unknown;
  readonly host?: Host | undefined;
  /** State to begin with, by key: what a checkpoint held. */
  readonly state?: ReadonlyMap<string, unknown> | undefined;
  /** Refuse degradations as policy degrade: "never" does. */
  readonly degrade?: "allow" | "never" | undefined;
  readonly onFetch?: ((address: string) => void) | undefined;
  readonly onProgress?: (() => void) | undefined;
}

/** Everything a transform did through its context. */
export interface Recorded {
  readonly coverage: CoverageReport[];
  readonly progress: { readonly done: number; readonly of: number | undefined }[];
  readonly emitted: { readonly type: string; readonly data: unknown }[];
  readonly meter: MeterLine[];
  readonly issues: IssueReport[];
  readonly degradations: { readonly what: string; readonly reason: string }[];
  readonly facts: Record<string, JsonObject[string]>;
  readonly state: Map<string, unknown>;
}

/**
 * A context that records, for calling `transform.run` alone in a test.
 * @example
 * const { context, recorded } = createTestContext(shout);
 * expect(await shout.run("hi", context)).toBe("HI");
 */
export function createTestContext(
  transform: AnyTransform,
  options: TestContextOptions = {},
): { context: RunContext<never, never>; recorded: Recorded } {
  const host = options.host ?? createPortableHost();
  const signal = options.signal ?? new AbortController().signal;
  const state = new Map(options.state);
  const recorded: Recorded = {
    coverage: [],
    progress: [],
    emitted: [],
    meter: [],
    issues: [],
    degradations: [],
    facts: {},
    state,
  };
  const { scratch } = host.openScratch({ runId: "test", tenant: "default", signal });
  const context: RunContext<unknown, unknown> = {
    signal,
    deadline: Infinity,
    remainingMs: () => Infinity,
    options: transform.options.parse(options.options ?? {}),
    rung: options.rung ?? transform.ladder[0] ?? { name: "default", quality: 1 },
    compute: scopedCompute({
      plane: host.compute,
      scope: { tenant: "default", runId: "test", step: "test", policy: {}, deadlineMs: Infinity },
      signal,
    }),
    offload: host.offload,
    fetch: (input, init) => {
      options.onFetch?.(String(input));
      return host.fetch(input, init);
    },
    state: {
      get: (key = "") => (state.has(key) ? state.get(key) : transform.state?.initial()),
      set: (value, key = "") => void state.set(key, value),
      delete: (key = "") => void state.delete(key),
      keys: () => [...state.keys()],
    },
    scratch,
    log: host.log,
    tenant: "default",
    secrets: { get: () => undefined },
    coverage: (report) => void recorded.coverage.push(report),
    progress: (done, of) => {
      recorded.progress.push({ done, of });
      options.onProgress?.();
    },
    emit: (type, data) => void recorded.emitted.push({ type, data }),
    meter: (line) => void recorded.meter.push(line),
    issue: (report) => void recorded.issues.push(report),
    degrade: (note) => {
      if (options.degrade === "never")
        throw fail("SG_DEGRADE_REFUSED", `${transform.id} would have used ${note.what}: ${note.reason}`);
      recorded.degradations.push(note);
    },
    disclose: (facts) => void Object.assign(recorded.facts, facts),
  };
  return { context: context as RunContext<never, never>, recorded }; // the transform's own option and state types are not known here
}
