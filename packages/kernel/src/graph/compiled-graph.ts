import type { AnyModality } from "../contract/modality.ts";
import type { Policy } from "../contract/policy.ts";
import type { AnyTransform } from "../contract/transform.ts";
import type {
  Graph,
  GraphStep,
  JoinStep,
  LoopStep,
  MapStep,
  PipelineStep,
  SwitchStep,
  TransformStep,
  Wire,
  WindowStep,
} from "./graph.ts";

/** A port with its modality looked up. */
export interface ResolvedPort {
  readonly modality: AnyModality;
  readonly many: boolean;
}

/** A graph body with every name resolved and every composition checked. Steps are in topological order. */
export interface CompiledBody {
  readonly inputs: ReadonlyMap<string, ResolvedPort>;
  readonly steps: readonly CompiledStep[];
  readonly output: Wire;
  readonly outputPort: ResolvedPort;
  /** Some step (however deep) holds state between items. */
  readonly stateful: boolean;
}

interface Compiled<S extends GraphStep> {
  readonly kind: S["kind"];
  readonly spec: S;
  /** Path from the outermost graph: "read/ocr". */
  readonly path: string;
  readonly output: ResolvedPort;
}

export interface CompiledTransformStep extends Compiled<TransformStep> {
  readonly kind: "transform";
  readonly transform: AnyTransform;
  /** Options after parsing, defaults filled. */
  readonly options: unknown;
  /** Wire by port name; a single unnamed port has the name "". */
  readonly feeds: ReadonlyMap<string, Wire>;
}

export interface CompiledMapStep extends Compiled<MapStep> {
  readonly kind: "map";
  readonly body: CompiledBody;
}

export interface CompiledSwitchStep extends Compiled<SwitchStep> {
  readonly kind: "switch";
  readonly cases: readonly CompiledBody[];
  readonly otherwise: CompiledBody;
}

export interface CompiledLoopStep extends Compiled<LoopStep> {
  readonly kind: "loop";
  readonly body: CompiledBody;
}

export interface CompiledWindowStep extends Compiled<WindowStep> {
  readonly kind: "window";
  readonly item: AnyModality;
}

export interface CompiledJoinStep extends Compiled<JoinStep> {
  readonly kind: "join";
  readonly leftItem: AnyModality;
  readonly rightItem: AnyModality;
}

export interface CompiledPipelineStep extends Compiled<PipelineStep> {
  readonly kind: "pipeline";
  readonly body: CompiledBody;
}

export type CompiledStep =
  | CompiledTransformStep
  | CompiledMapStep
  | CompiledSwitchStep
  | CompiledLoopStep
  | CompiledWindowStep
  | CompiledJoinStep
  | CompiledPipelineStep;

/** What the runner runs. Made by `compileGraph(graph, registry)`. */
export interface CompiledGraph extends CompiledBody {
  /** Normal form: versions pinned, options parsed, defaults filled. */
  readonly graph: Graph;
  /** "sha256:<hex>" of the normal form without name and description. */
  readonly planHash: string;
  readonly policy: Policy;
}
