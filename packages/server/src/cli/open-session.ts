import type { Scratch } from "@stargate/kernel";
import { localTenant } from "../auth/access.ts";
import { loadConfig, type ConfigOverrides, type LoadedConfig } from "../config/load-config.ts";
import { openConfiguredGate, type OpenGateAndHost } from "../gateway/create-gateway.ts";
import { createLogger } from "../observe/logger.ts";
import type { Terminal } from "./terminal.ts";

export interface Session extends OpenGateAndHost {
  readonly loaded: LoadedConfig;
  /** Where files of answers lie until the command ends. */
  readonly scratch: Scratch;
}

/** Opens the configured gate for one command. Its log is quiet below warnings: the command itself does the talking. */
async function openSession(
  terminal: Terminal,
  configFile: string | undefined,
  overrides: ConfigOverrides | undefined,
): Promise<Session> {
  const loaded = await loadConfig({ file: configFile, directory: terminal.directory, overrides });
  const log = createLogger({ log: { level: "warn" } });
  const opened = await openConfiguredGate(loaded, { log });
  const { host } = opened;
  const { scratch } = host.openScratch({ runId: host.randomId(), tenant: localTenant, signal: terminal.signal });
  return { ...opened, loaded, scratch }; // the host removes what is in it
}

/** Runs one command on the configured gate and closes it. */
export async function withSession<T>(
  terminal: Terminal,
  configFile: string | undefined,
  use: (session: Session) => Promise<T>,
  overrides?: ConfigOverrides,
): Promise<T> {
  const session = await openSession(terminal, configFile, overrides);
  try {
    return await use(session);
  } finally {
    await session[Symbol.asyncDispose]();
  }
}
