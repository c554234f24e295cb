import { mkdir, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  createService,
  isStargateError,
  negotiateEncoding,
  portText,
  type AnyPipeline,
  type Clock,
  type Gate,
  type GatedFetch,
  type Host,
  type Log,
  type ServiceOutcome,
  type Sink,
  type Source,
} from "@stargate/kernel";
import type { EncodePayload } from "../connectors/encode-delivery.ts";
import { createFolderSink } from "../connectors/folder-sink.ts";
import { createFolderSource } from "../connectors/folder-source.ts";
import { openPushSource, type PushSource } from "../connectors/push-source.ts";
import { createWebhookSink } from "../connectors/webhook-sink.ts";
import { failConnector } from "../errors/connector-errors.ts";
import { openJournalServiceStore } from "../store/journal-service-store.ts";
import { gatePipeline, type GatePipelineOptions } from "./gate-pipeline.ts";
import type { RunningService, RunningServices } from "./running-services.ts";
import type { ServiceDefinition } from "./services-schema.ts";

export interface ServicesContext {
  readonly gate: Pick<Gate, "run" | "compile" | "encode" | "registry">;
  /** Relative folders start here: the configuration file's folder. Default: the working directory. */
  readonly directory?: string | undefined;
  /** Pipelines services may name. */
  readonly pipelines?: ReadonlyMap<string, AnyPipeline> | undefined;
  readonly host: Pick<Host, "openScratch" | "randomId">;
  readonly clock: Clock;
  readonly log: Log;
  /** The host's fetch gate, for webhooks. */
  readonly fetch: GatedFetch;
  /** Throws when the operator has not allowed a URL, so that a wrong webhook fails at start. */
  readonly assertAllowed?: ((url: string) => void) | undefined;
  /** Environment variables, for secrets given as `{ env: NAME }`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onOutcome?: ((service: string, outcome: ServiceOutcome) => void) | undefined;
}

/**
 * Starts every service of the configuration. Throws SG_SERVICE_CONFIG for one that cannot work, SG_CONNECTOR_LOCKED
 * when another process runs it; those started before are stopped again.
 */
export async function startServices(
  definitions: Readonly<Record<string, ServiceDefinition>>,
  context: ServicesContext,
): Promise<RunningServices> {
  const services = new Map<string, RunningService>();
  const stop: RunningServices["stop"] = async (options) =>
    void (await Promise.all([...services.values()].map((running) => running.stop(options))));
  try {
    for (const [name, definition] of Object.entries(definitions))
      services.set(name, await startService(name, definition, context));
  } catch (error) {
    await stop({ drainMs: 0 });
    throw error;
  }
  return { services, stop, status: () => [...services.values()].map(({ service }) => service.status()) };
}

/** Starts one service. Its journal lies with its source: in the watched folder's ".stargate", or beside the push queue. */
export async function startService(
  name: string,
  definition: ServiceDefinition,
  context: ServicesContext,
): Promise<RunningService> {
  const pipeline = gatePipeline({
    gate: context.gate,
    host: context.host,
    goal: goalOf(name, definition, context),
    policy: definition.policy,
    tenant: definition.tenant,
  });
  checkEncoding(name, definition, context);
  const watched = "folder" in definition.source;
  const sourceFolder = await makeFolder(
    "folder" in definition.source ? definition.source.folder : definition.source.push.folder,
    context,
  );
  if (watched && "folder" in definition.sink && (await makeFolder(definition.sink.folder, context)) === sourceFolder) {
    throw failConnector("SG_SERVICE_CONFIG", `Service "${name}" writes into the folder it watches: ${sourceFolder}`, {
      hint: "Give the sink another folder, or it would read its own results.",
    });
  }
  const sink = await openSink(name, definition, context);
  const store = await openJournalServiceStore({
    path: join(sourceFolder, watched ? ".stargate/service" : "service", "journal"),
  });
  try {
    const { source, push } = await openSource(definition, sourceFolder, context);
    const { clock, log, onOutcome } = context;
    const service = createService({
      name,
      source,
      pipeline,
      sink,
      store,
      clock,
      log,
      concurrency: definition.concurrency,
      onOutcome: (outcome) => onOutcome?.(name, outcome),
    });
    service.start();
    return {
      service,
      tenant: definition.tenant,
      push,
      async stop(options) {
        await service.stop(options);
        await push?.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function goalOf(
  name: string,
  { pipeline, to, with: options }: ServiceDefinition,
  context: ServicesContext,
): GatePipelineOptions["goal"] {
  if (to !== undefined) return { to, with: options as Extract<GatePipelineOptions["goal"], { to: string }>["with"] }; // z.json() is the same set of values
  const found = context.pipelines?.get(pipeline ?? "");
  if (found === undefined) {
    const known = [...(context.pipelines?.keys() ?? [])].join(", ") || "none";
    throw failConnector(
      "SG_SERVICE_CONFIG",
      `Service "${name}" names pipeline "${pipeline ?? ""}", which does not exist; there are: ${known}`,
    );
  }
  return { pipeline: found };
}

// A wrong media type would put every item aside, one after another.
function checkEncoding(
  name: string,
  { encode, to, pipeline }: ServiceDefinition,
  { gate, pipelines }: ServicesContext,
): void {
  try {
    const graph = pipelines?.get(pipeline ?? "");
    negotiateEncoding(
      gate.registry,
      to ?? (graph === undefined ? "" : portText(gate.compile(graph).outputPort)),
      encode,
    );
  } catch (cause) {
    if (!isStargateError(cause)) throw cause;
    throw failConnector("SG_SERVICE_CONFIG", `Service "${name}": ${cause.message}`, { cause, hint: cause.hint });
  }
}

async function openSource(
  { source }: ServiceDefinition,
  folder: string,
  { clock }: ServicesContext,
): Promise<{ readonly source: Source; readonly push?: PushSource }> {
  if ("folder" in source) return { source: createFolderSource({ ...source, folder, clock }) as unknown as Source }; // a source of Blobs is a source
  const push = await openPushSource({ ...source.push, folder, clock });
  return { source: push.source as unknown as Source, push };
}

async function openSink(name: string, definition: ServiceDefinition, context: ServicesContext): Promise<Sink> {
  const encode: EncodePayload = (payload, options) => context.gate.encode(payload, definition.encode, options);
  const { sink } = definition;
  if ("folder" in sink) return createFolderSink({ folder: await makeFolder(sink.folder, context), encode });
  const { url, secret, timeoutMs } = sink.webhook;
  context.assertAllowed?.(url);
  const value = typeof secret === "string" ? secret : context.environment[secret.env];
  if (value === undefined || value === "") {
    throw failConnector(
      "SG_SERVICE_CONFIG",
      `The webhook secret of service "${name}" is missing: environment variable ${typeof secret === "string" ? "" : secret.env} is not set`,
    );
  }
  return createWebhookSink({ url, secret: value, timeoutMs, encode, fetch: context.fetch, clock: context.clock });
}

async function makeFolder(folder: string, { directory = process.cwd() }: ServicesContext): Promise<string> {
  const path = resolve(directory, folder);
  try {
    await mkdir(path, { recursive: true });
    return await realpath(path);
  } catch (cause) {
    throw failConnector("SG_CONNECTOR_FOLDER", `Folder ${path} cannot be made or read`, { cause });
  }
}
