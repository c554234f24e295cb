// Configuration
export { defineConfig, type Config, type ConfigInput } from "./config/config-schema.ts";
export { loadConfig, type LoadConfigOptions, type LoadedConfig } from "./config/load-config.ts";

// A gateway inside another program
export { openGateway, type OpenGateway, type OpenGatewayOptions } from "./gateway/create-gateway.ts";
export type { Gateway } from "./gateway/gateway.ts";
export { startServer, type RunningServer } from "./http/server.ts";
export { createApp } from "./http/app.ts";

// The kernel's host on Node
export { createNodeHost, type NodeHost, type NodeHostOptions } from "./host/node-host.ts";
export { openFileBlob } from "./host/file-blob.ts";

// Services: sources, sinks and what supervises them
export { createFolderSource, type FolderSourceOptions } from "./connectors/folder-source.ts";
export { openPushSource, type PushRequest, type PushSource, type PushSourceOptions } from "./connectors/push-source.ts";
export { createFolderSink, type FolderSinkOptions } from "./connectors/folder-sink.ts";
export { createWebhookSink, type WebhookSinkOptions } from "./connectors/webhook-sink.ts";
export { verifyWebhook, type VerifyWebhookOptions } from "./connectors/webhook-signature.ts";
export type { EncodePayload } from "./connectors/encode-delivery.ts";
export {
  openJournalServiceStore,
  type JournalServiceStore,
  type JournalServiceStoreOptions,
} from "./store/journal-service-store.ts";
export { gatePipeline, type GatePipelineOptions } from "./services/gate-pipeline.ts";
export { folderService, runService, type RunServiceOptions } from "./services/run-service.ts";
export { servicesSchema, type ServiceDefinition, type ServiceInput } from "./services/services-schema.ts";
export type { RunningService, RunningServices } from "./services/running-services.ts";
export { startServices, type ServicesContext } from "./services/start-services.ts";

// Errors
export { serverErrors, type ServerErrorCode } from "./errors/server-errors.ts";
export { connectorErrors } from "./errors/connector-errors.ts";
export { idempotencyErrors } from "./errors/idempotency-errors.ts";
export { jobErrors } from "./errors/job-errors.ts";
export { liveErrors } from "./errors/live-errors.ts";
export { watchErrors } from "./errors/watch-errors.ts";
export { transcriptionErrors } from "./errors/transcription-errors.ts";
export { embeddingErrors, type EmbeddingErrorCode } from "./errors/embedding-errors.ts";
