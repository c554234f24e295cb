import type { Adapter } from "../../contract/adapter.ts";
import type { AnyTransform } from "../../contract/transform.ts";
import type { Host } from "../../contract/host.ts";
import { must } from "./check.ts";

/** One way to run one transform of the adapter. Every transform needs at least one. */
export interface TransformCase {
  readonly name: string;
  /** Transform id. */
  readonly transform: string;
  /** Makes a fresh input value; a stream for `many(...)` ports. */
  input(): unknown;
  readonly options?: unknown;
  /** Looks at the output; throws when it is wrong. */
  expect?(output: unknown): void | Promise<void>;
  /** What must be reported as coverage for this input; for inputs of which only part can be read. */
  readonly coverage?: { readonly done: number; readonly of: number | null } | undefined;
  /** Items for a stateful transform, fed one after another. */
  items?(): readonly unknown[];
}

/** An input the adapter must refuse, with the code it must answer. */
export interface BadInputCase {
  readonly name: string;
  readonly transform: string;
  input(): unknown;
  readonly options?: unknown;
  readonly code: string;
}

/** A sample of a modality the adapter defines. */
export interface ModalitySample {
  readonly modality: string;
  readonly mediaType: string;
  bytes(): Blob;
}

/** What `describeAdapter` looks at. */
export interface AdapterSubject {
  /** Makes a fresh adapter. */
  create(): Adapter;
  readonly cases: readonly TransformCase[];
  readonly badInputs?: readonly BadInputCase[] | undefined;
  /** Samples by which the adapter's own modalities are recognised. */
  readonly samples?: readonly ModalitySample[] | undefined;
  /** Host the transforms run on. Default: the portable host. */
  readonly host?: Host | undefined;
  /** Runs per case in the leak soak. Default 20; lower it for heavy transforms. */
  readonly soakRuns?: number | undefined;
}

/** The transform a case names. */
export function transformOf(adapter: Adapter, id: string): AnyTransform {
  const transform = adapter.transforms.find((candidate) => candidate.id === id);
  must(transform !== undefined, `A case names the transform "${id}", which adapter "${adapter.id}" does not define`);
  return transform;
}
