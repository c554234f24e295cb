// Definitions
export { defineAdapter, type AdapterInit } from "./define/define-adapter.ts";
export { defineBackend } from "./define/define-backend.ts";
export { defineModality, type ModalityInit } from "./define/define-modality.ts";
export { defineModelProgram } from "./define/define-model-program.ts";
export { defineTask } from "./define/define-task.ts";
export { defineTransform, type TransformInit } from "./define/define-transform.ts";
export { many } from "./define/many.ts";

// Shared modalities
export {
  audio,
  bytes,
  detections,
  document,
  embedding,
  image,
  invoice,
  json,
  pageText,
  pcm,
  pixels,
  sharedModalities,
  speakerTurns,
  speechSegments,
  table,
  text,
  transcript,
} from "./modalities/index.ts";
export { combineEmbeddings } from "./modalities/embedding/combine-embeddings.ts";
export { createEmbedding, type EmbeddingInit } from "./modalities/embedding/create-embedding.ts";
export type { Embedding } from "./modalities/embedding/embedding-schema.ts";
export type { EncodedMedia, Pixels, Table } from "./modalities/media-values.ts";
export type { Pcm } from "./modalities/pcm/pcm-schema.ts";
export type { SpeakerTurn, SpeakerTurns } from "./modalities/speaker-turns/speaker-turns-schema.ts";
export type { SpeechSegment, SpeechSegments } from "./modalities/speech-segments/speech-segments.ts";
export type { Transcript, TranscriptSegment, TranscriptWord } from "./modalities/transcript/transcript-schema.ts";
export type { Detection, Detections } from "./modalities/detections/detections-schema.ts";
export type { Evidence, Invoice, InvoiceFinding, InvoiceLineItem } from "./modalities/invoice/invoice-schema.ts";
export type {
  Box,
  PageText,
  PageTextBlock,
  PageTextLine,
  PageTextPage,
  PageTextWord,
} from "./modalities/page-text/page-text-schema.ts";

// Contract
export {
  ADAPTER_SPEC,
  type Adapter,
  type CheckContext,
  type CodecContribution,
  type HealthCheck,
} from "./contract/adapter.ts";
export type {
  BackendDevice,
  BackendFactory,
  BackendProbe,
  Compute,
  ComputeBackend,
  DeviceKind,
  LoadOptions,
  LoadedModel,
  ModelPart,
  ModelProgram,
  ModelProgramContext,
  ModelSignature,
  ModelSource,
  ProbeOptions,
  Tensor,
  TensorData,
  TensorDtype,
  TensorMap,
  TensorSpec,
} from "./contract/compute-backend.ts";
export type {
  Basis,
  ComputePlane,
  ComputePolicy,
  ComputeScope,
  ModelAnswer,
  ModelCall,
  ModelUse,
  RungChoice,
} from "./contract/compute-plane.ts";
export type { ModelCanary, ModelFile, ModelSpec, ModelVariant } from "./contract/model.ts";
export type { ConnectorContext, Delivery, Sink, Source, SourceItem } from "./contract/connector.ts";
export type { Coverage, CoverageMode, CoverageReport, Gap } from "./contract/coverage.ts";
export type { Clock, Host, RunScope } from "./contract/host.ts";
export type {
  AnyModality,
  Codec,
  CodecContext,
  Descriptor,
  EncodedBody,
  InputOf,
  Many,
  Modality,
  Port,
  Ports,
  PortValue,
  SniffResult,
  ValueOf,
} from "./contract/modality.ts";
export type { Offload, OffloadOptions, OffloadTask, TaskContext, TaskFunction } from "./contract/offload.ts";
export type { Payload, Timeline } from "./contract/payload.ts";
export { policySchema, type Policy } from "./contract/policy.ts";
export type { ResultCache, StepResult } from "./contract/result-cache.ts";
export {
  receiptSchema,
  type Degradation,
  type Issue,
  type ModelUseReceipt,
  type Receipt,
  type StepReceipt,
} from "./contract/receipt.ts";
export type {
  GatedFetch,
  IssueReport,
  Log,
  MeterLine,
  RunContext,
  Rung,
  Scratch,
  StateHandle,
} from "./contract/run-context.ts";
export type { AnyTransform, Cost, Restriction, StateSpec, Transform } from "./contract/transform.ts";
export { checkTensors } from "./compute/check-tensors.ts";
export { float16, fromShortFloat, toShortFloat } from "./compute/open-inference/short-floats.ts";
export { parseStrictly } from "./define/parse-strictly.ts";
export { noCompute } from "./compute/no-compute.ts";
export { scopedCompute } from "./compute/scoped-compute.ts";
export { tensorFromBytes, tensorLength, tensorToBytes } from "./compute/tensor-bytes.ts";

// Errors
export { fail, kernelErrors, type KernelErrorCode } from "./errors/catalog.ts";
export type { CatalogEntry, ErrorCatalog } from "./errors/catalog-entry.ts";
export { createErrorFactory, type ErrorFactory, type ErrorOptions } from "./errors/error-factory.ts";
export { isStargateError, StargateError } from "./errors/stargate-error.ts";
export { cancellationOf, throwIfCancelled } from "./errors/cancellation.ts";
export { fromWireError, toWireError, type WireError } from "./errors/wire-error.ts";

// Registry and graphs
export { createRegistry } from "./registry/create-registry.ts";
export type { Registry } from "./registry/registry.ts";
export { pipeline, type GraphBuilder, type Pipeline, type PipelineSettings, type WireOf } from "./graph/builder.ts";
export { compileGraph } from "./graph/compile.ts";
export type { CompiledBody, CompiledGraph, CompiledStep, ResolvedPort } from "./graph/compiled-graph.ts";
export { conditionSchema, type Condition } from "./graph/condition.ts";
export { joinedOf, windowOf, type JoinedValue, type WindowValue } from "./modalities/derived-modalities.ts";
export { matchesGlob } from "./graph/glob.ts";
export { graphSchema, type Graph, type GraphBody, type GraphStep } from "./graph/graph.ts";

// Gates: embedding
export type {
  AnyPipeline,
  Answer,
  Encoded,
  ExplainRequest,
  Gate,
  GateInput,
  Goal,
  InputValue,
  RunOptions,
} from "./container/gate.ts";
export { openGate, type OpenGateOptions } from "./container/open-gate.ts";
export { createPlanner, type Planner } from "./plan/planner.ts";
export type { Plan, PlanRequest, PlanStep } from "./plan/plan.ts";
export { explainAnalyze } from "./plan/explain-analyze.ts";
export type { Explanation } from "./plan/explanation.ts";

// Running
export type { Checkpoint, CheckpointStore } from "./run/checkpoint/checkpoint.ts";
export { createPayload } from "./run/create-payload.ts";
export { createRunner } from "./run/create-runner.ts";
export { createPortableHost } from "./run/host/portable-host.ts";
export { modelUseLine } from "./run/step/model-uses.ts";
export { receiptJson } from "./run/receipt.ts";
export { sumReceipts, type BatchFacts, type BatchRun } from "./run/sum-receipts.ts";
export type { Runner, RunEvent, RunRequest, RunResult, RunStream } from "./run/runner.ts";

// Services
export {
  createService,
  type Service,
  type ServiceOptions,
  type ServiceOutcome,
  type ServiceState,
  type ServiceStatus,
} from "./run/service/service.ts";
export { runnerPipeline, type RunnerPipelineOptions, type ServicePipeline } from "./run/service/service-pipeline.ts";
export { createMemoryServiceStore, type ServiceProgress, type ServiceStore } from "./run/service/service-store.ts";

// Plain data
export { fromBase64, toBase64 } from "./util/base64.ts";
export { canonicalJson } from "./util/canonical-json.ts";
export { digestBlob, digestJson, digestValue } from "./util/digest.ts";
export type { Json, JsonObject } from "./util/json.ts";
export { escapeXml } from "./util/xml.ts";

// For programs that put a surface on a gate: messages about foreign names and values, ports in words
export { didYouMean, nearestName } from "./util/nearest-name.ts";
export { formatPath, formatProblems, schemaProblems, type SchemaProblem } from "./util/schema-problems.ts";
export { isPort, portEntries } from "./define/define-transform.ts";
export { portText, resolvePort, resolvePortText } from "./graph/port-text.ts";
export { encodingsOf, negotiateEncoding } from "./plan/negotiate.ts";
export { formatExplanation } from "./plan/format-explanation.ts";
