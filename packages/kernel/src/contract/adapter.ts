import type { Codec, AnyModality } from "./modality.ts";
import type { AnyTransform } from "./transform.ts";
import type { BackendProbe, ComputeBackend } from "./compute-backend.ts";
import type { ModelSpec } from "./model.ts";
import type { Sink, Source } from "./connector.ts";

/** Version of the adapter contract this kernel speaks. An adapter states the one it was written for as a literal. */
export const ADAPTER_SPEC = 1;

/** A further encoding of a modality that another package defines: "page-text" as a searchable PDF. */
export interface CodecContribution<T = unknown> {
  readonly modality: string;
  readonly mediaType: string;
  readonly codec: Codec<T>;
}

/** One line of `stargate doctor`: something this adapter needs from the machine. */
export interface HealthCheck {
  readonly name: string;
  readonly status: "ok" | "warning" | "failed";
  readonly message: string;
  /** What to do about it, as an imperative. */
  readonly hint?: string | undefined;
}

/** What an adapter may use while it looks at the machine. */
export interface CheckContext {
  readonly signal: AbortSignal;
  /**
   * Asks a backend what devices there are, in a process of its own: what an engine prints while it tries them is not seen,
   * and what crashes it harms nobody. Absent: ask the backend itself.
   */
  readonly probe?: ((backend: ComputeBackend) => Promise<BackendProbe>) | undefined;
}

/** What an adapter package contributes to a gate. Made with `defineAdapter`. */
export interface Adapter {
  readonly kind: "adapter";
  readonly spec: typeof ADAPTER_SPEC;
  /** "ocr": prefix of its transform ids. */
  readonly id: string;
  readonly version: string;
  readonly summary: string;
  readonly modalities: readonly AnyModality[];
  readonly transforms: readonly AnyTransform[];
  readonly codecs: readonly CodecContribution[];
  readonly models: readonly ModelSpec[];
  readonly backends: readonly ComputeBackend[];
  readonly sources: readonly Source[];
  readonly sinks: readonly Sink[];
  /** Looks at the machine: engines, data files, versions. */
  check?(context: CheckContext): Promise<readonly HealthCheck[]>;
  /** Frees what the adapter holds (engine pools). Called once, in reverse order of opening. */
  close?(): Promise<void>;
}
