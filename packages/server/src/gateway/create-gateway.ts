import { join, resolve } from "node:path";
import { openGate, type Adapter, type Gate } from "@stargate/kernel";
import { createAccess } from "../auth/access.ts";
import { createKeyRing } from "../auth/key-ring.ts";
import { loadAdapters } from "../composition-root.ts";
import { createGatewayCompute, type GatewayCompute } from "../compute/gateway-compute.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { createEmbeddingModels } from "../embeddings/embedding-models.ts";
import { createLog } from "../host/log-adapter.ts";
import { createNodeClock } from "../host/node-clock.ts";
import { createNodeHost, type NodeHost } from "../host/node-host.ts";
import { createAnswerStore } from "../http/idempotency/answer-store.ts";
import { webhookSecretOf } from "../jobs/jobs-schema.ts";
import { createJobs } from "../jobs/open-jobs.ts";
import { createLogger, type Logger } from "../observe/logger.ts";
import { createMetrics } from "../observe/metrics.ts";
import { noWatches } from "../watches/running-watches.ts";
import { noServices } from "../services/running-services.ts";
import { createTranscriptionModels } from "../transcriptions/transcription-models.ts";
import type { Gateway } from "./gateway.ts";
import { keyFilesOf } from "./key-files.ts";
import { createLifecycle } from "./lifecycle.ts";
import { loadPipelines } from "./load-pipelines.ts";
import { createReceiptStore } from "./receipt-store.ts";

export interface OpenGatewayOptions {
  /** Adapters to open instead of the configured ones. */
  readonly adapters?: readonly Adapter[] | undefined;
  readonly log?: Logger | undefined;
}

/** A gateway together with what has to be closed after it. */
export interface OpenGateway extends Gateway, AsyncDisposable {
  readonly host: NodeHost;
}

/** Gate and host of a configuration, without HTTP: what the command line runs on. */
export interface OpenGateAndHost extends AsyncDisposable {
  readonly gate: Gate;
  readonly host: NodeHost;
  readonly compute: GatewayCompute;
}

/** Opens host, adapters and gate. Throws SG_CONFIG_ADAPTER and what the kernel says of adapters that do not fit. */
export async function openConfiguredGate(
  { config, directory }: Pick<LoadedConfig, "config" | "directory">,
  { adapters, log = createLogger(config) }: OpenGatewayOptions = {},
): Promise<OpenGateAndHost> {
  const opened = adapters ?? (await loadAdapters(config, directory));
  const nodeHost = await createNodeHost({
    log: createLog(log),
    scratch: {
      folder: config.scratch.directory === undefined ? undefined : resolve(directory, config.scratch.directory),
      maxBytesPerRun: config.scratch.maxRunBytes,
    },
    fetch: { allow: config.allow.hosts, allowNetworks: config.allow.networks },
    secret: (_tenant, name) => process.env[secretVariable(name)],
  });
  const compute = createGatewayCompute({ config, directory }, nodeHost);
  try {
    const host: NodeHost = { ...nodeHost, compute: compute.plane, results: compute.results };
    const gate = await openGate({ adapters: opened, host, policy: config.policy });
    const parts = { gate, host, compute };
    return { ...parts, [Symbol.asyncDispose]: () => closeGate(parts) };
  } catch (error) {
    await compute[Symbol.asyncDispose]();
    await nodeHost.close();
    throw error;
  }
}

/** "openai-api-key" -> "STARGATE_SECRET_OPENAI_API_KEY" */
function secretVariable(name: string): string {
  return `STARGATE_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}

/**
 * Opens everything a gateway needs, short of listening. Throws SG_CONFIG_EXPOSED, SG_CONFIG_PIPELINE, SG_CONFIG_ADAPTER,
 * SG_CONFIG_INVALID, SG_FETCH_DENIED, SG_AUTH_KEYS.
 */
export async function openGateway(
  loaded: Pick<LoadedConfig, "config" | "directory">,
  options: OpenGatewayOptions = {},
): Promise<OpenGateway> {
  const { config, directory } = loaded;
  const log = options.log ?? createLogger(config);
  const keys = createKeyRing(keyFilesOf(config, directory));
  let opened: OpenGateAndHost | undefined;
  try {
    const access = createAccess(config, keys);
    opened = await openConfiguredGate(loaded, { ...options, log });
    const { gate, host, compute } = opened;
    const pipelines = await loadPipelines(gate, config.pipelines, directory);
    const embeddingModels = createEmbeddingModels(gate, config.embeddings);
    const transcriptionModels = createTranscriptionModels(gate, pipelines, config.transcription);
    const lifecycle = createLifecycle();
    const receipts = createReceiptStore(config.receipts.maxEntries);
    const metrics = createMetrics({
      inFlight: () => lifecycle.inFlight,
      services: () => gateway.services.status(),
      compute: () => compute.opened?.plane.snapshot(),
      jobs: () => jobs.counts(),
    });
    const stateFolder = resolve(directory, config.state.directory);
    if (config.jobs.webhook.url !== undefined) host.fetchGate.assertAllowed(config.jobs.webhook.url);
    const jobs = createJobs({
      gateway: { gate, host, pipelines, receipts, metrics },
      config: config.jobs,
      stateFolder,
      clock: host.clock,
      idleClock: createNodeClock({ keepAlive: false }),
      log: createLog(log),
      randomId: () => host.randomId(),
      fetch: host.fetch,
      assertAllowed: (url) => host.fetchGate.assertAllowed(url),
      webhookSecret: webhookSecretOf(config.jobs, process.env),
    });
    const gateway: OpenGateway = {
      config,
      gate,
      host,
      pipelines,
      embeddingModels,
      transcriptionModels,
      access,
      compute,
      receipts,
      jobs,
      answers: createAnswerStore({
        folder: join(stateFolder, "answers"),
        clock: host.clock,
        log: createLog(log),
        maxAgeMs: config.idempotency.maxAgeSeconds * 1000,
        maxAnswerBytes: config.idempotency.maxAnswerBytes,
        maxFolderBytes: config.idempotency.maxDiskBytes,
      }),
      metrics,
      services: noServices,
      watches: noWatches,
      log,
      lifecycle,
      url: config.server.publicUrl ?? "",
      async [Symbol.asyncDispose]() {
        keys[Symbol.dispose]();
        await jobs.stop({ drainMs: 0 });
        await closeGate({ gate, host, compute });
      },
    };
    return gateway;
  } catch (error) {
    keys[Symbol.dispose]();
    await opened?.[Symbol.asyncDispose]();
    throw error;
  }
}

async function closeGate({ gate, host, compute }: Omit<OpenGateAndHost, typeof Symbol.asyncDispose>): Promise<void> {
  await gate.close();
  await compute[Symbol.asyncDispose]();
  await host.close();
}
