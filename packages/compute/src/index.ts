// The plane
export { computeConfigSchema, type ComputeConfig, type ComputeConfigInput } from "./plane/compute-config.ts";
export type { ModelDescription, OpenComputePlane } from "./plane/create-compute-plane.ts";
export type { ComputePlaneOptions } from "./plane/compute-plane-options.ts";
export { openComputePlane, type MonitoredComputePlane } from "./plane/open-compute-plane.ts";
export type { OpenPool } from "./plane/open-pool.ts";
export { probeApart, type ProbeApartOptions } from "./plane/probe-backend.ts";
export { computeSnapshotSchema, type ComputeSnapshot } from "./monitor/compute-snapshot.ts";
export { planeErrors } from "./plane/plane-errors.ts";
export { textAgreement } from "./quality/text-agreement.ts";
export { openResultCache, type OpenResultCache, type ResultCacheOptions } from "./results/result-cache.ts";

// Routing
export { createRouter } from "./route/create-router.ts";
export { armId, type Arm, type ArmBlock, type Price } from "./route/types/arm.ts";
export type { Candidate, Decision, Placement, Prediction, Refusal, RefusalReason } from "./route/types/decision.ts";
export type { Outcome, QualityObservation } from "./route/types/observation.ts";
export type { Criticality, Objective, ObjectiveScales, RouteRequest } from "./route/types/route-request.ts";
export type { Router, RouterOptions } from "./route/types/router.ts";
export { createDecisionFile, type DecisionFile, type DecisionFileOptions } from "./route/record/decision-file.ts";
export { decisionRecordSchema, type DecisionRecord } from "./route/record/decision-record.ts";
export { explainDecision } from "./route/record/explain-decision.ts";
export { replayDecision, type Replay } from "./route/record/replay-decision.ts";
export type { PoolTelemetry } from "./pools/pool.ts";

// Pools
export { createPool, type HostPool } from "./pools/create-pool.ts";
export { poolErrors } from "./pools/pool-errors.ts";
export type { PoolEvent, PoolObserver } from "./pools/pool-events.ts";
export type { PoolOptions } from "./pools/pool-options.ts";
export type { SlotStatus } from "./pools/pool-status.ts";
export type { Pool, PoolJob, PoolResult } from "./pools/pool.ts";

// Model store
export { createModelStore, type ModelStoreOptions } from "./store/create-model-store.ts";
export type { ManagedModelStore, ModelListing, PulledModel } from "./store/managed-model-store.ts";
export type { LocatedVariant, ModelStore, PullProgress, VariantState } from "./store/model-store.ts";
export { modelErrors } from "./store/model-errors.ts";
export { modelConfigSchema } from "./store/spec/model-config.ts";
export { modelSpecsOf } from "./store/spec/model-specs-of.ts";

// Model hosts
export type { HostOptions } from "./hosts/host-options.ts";
export type {
  HostedModel,
  HostedRun,
  HostedSource,
  HostRetirement,
  ModelHost,
  OpenModelHost,
} from "./hosts/model-host.ts";
export { hostErrors } from "./hosts/host-errors.ts";
export { modelHosts } from "./hosts/open-model-hosts.ts";
