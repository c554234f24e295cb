import type { Gate, Host } from "@stargate/kernel";
import type { Access } from "../auth/access.ts";
import type { GatewayCompute } from "../compute/gateway-compute.ts";
import type { Config } from "../config/config-schema.ts";
import type { EmbeddingModels } from "../embeddings/embedding-models.ts";
import type { AnswerStore } from "../http/idempotency/answer-store.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { Logger } from "../observe/logger.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { RunningServices } from "../services/running-services.ts";
import type { TranscriptionModels } from "../transcriptions/transcription-models.ts";
import type { RunningWatches } from "../watches/running-watches.ts";
import type { ConfiguredPipeline } from "./configured-pipeline.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { ReceiptStore } from "./receipt-store.ts";

/** Everything a route may use. One per process; what belongs to a request is in its `Exchange`. */
export interface Gateway {
  readonly config: Config;
  readonly gate: Gate;
  readonly host: Host;
  /** By name, in the order of the configuration. */
  readonly pipelines: ReadonlyMap<string, ConfiguredPipeline>;
  readonly embeddingModels: EmbeddingModels;
  readonly transcriptionModels: TranscriptionModels;
  readonly access: Access;
  readonly receipts: ReceiptStore;
  /** Of requests with an `Idempotency-Key`. */
  readonly answers: AnswerStore;
  /** Of requests with `Prefer: respond-async`. */
  readonly jobs: Jobs;
  readonly compute: GatewayCompute;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  /** Services that run in this process: those of the configuration, once `stargate serve` has started them. */
  services: RunningServices;
  /** Areas that are watched in this process, once `stargate serve` has started. */
  watches: RunningWatches;
  /** Address clients use: for the API description and the lines printed at start. */
  url: string;
}
