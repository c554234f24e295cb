import { startService, type ServicesContext } from "./start-services.ts";
import { serviceSchema, type ServiceDefinition, type ServiceInput } from "./services-schema.ts";
import { untilAborted } from "../until-aborted.ts";

export interface RunServiceOptions {
  readonly name: string;
  readonly definition: ServiceDefinition;
  readonly context: ServicesContext;
  /** Aborting it stops the service gracefully (SIGTERM, Ctrl-C). */
  readonly signal: AbortSignal;
  /** Time items under way have to end. Default 30 s. */
  readonly drainMs?: number | undefined;
}

/** Runs one service until the signal aborts, then lets it finish what is under way: the body of `stargate service`. */
export async function runService({ name, definition, context, signal, drainMs }: RunServiceOptions): Promise<void> {
  const running = await startService(name, definition, context);
  try {
    await Promise.race([running.service.ended, untilAborted(signal)]);
  } finally {
    await running.stop({ drainMs });
  }
}

/**
 * What `stargate service --in scans --out pdfs` runs: files dropped into one folder come out in another, by default
 * scans as searchable PDFs.
 * @example
 * await runService({ name: "scans", definition: folderService({ in: "scans", out: "pdfs" }), context, signal });
 */
export function folderService(
  options: { readonly in: string; readonly out: string } & Pick<
    ServiceInput,
    "to" | "pipeline" | "with" | "encode" | "concurrency"
  >,
): ServiceDefinition {
  const { in: source, out, ...rest } = options;
  const goal =
    rest.to === undefined && rest.pipeline === undefined ? { to: "page-text", encode: "application/pdf" } : {};
  return serviceSchema.parse({ source: { folder: source }, sink: { folder: out }, ...rest, ...goal });
}
