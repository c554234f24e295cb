import { isStargateError } from "@stargate/kernel";

/** What the exit code of every command means; docs/cli.md repeats it. */
export const exitCodes = {
  ok: 0,
  /** A bug, or something that no other code says. */
  failed: 1,
  /** Wrong arguments. */
  usage: 2,
  /** The configuration, the keys or the address to listen on. */
  configuration: 3,
  /** The input was refused; sending it again unchanged will not help. */
  input: 4,
  /** Deadline, missing engine or model, shutdown: trying again may help. */
  unavailable: 5,
  /** doctor or lint found problems. */
  problems: 6,
  /** Ended by SIGINT. */
  interrupted: 130,
} as const;

/** Exit code of an error. */
export function exitCodeOf(error: unknown): number {
  if (!isStargateError(error)) return exitCodes.failed;
  if (error.code === "SG_CLI_PROBLEMS") return exitCodes.problems;
  if (error.code === "SG_CLI_USAGE" || error.code === "SG_CLI_FILE") return exitCodes.usage;
  if (/^SG_(CONFIG_|AUTH_KEYS|SERVER_LISTEN|ADAPTER_|MODEL_DECLARATION)/.test(error.code))
    return exitCodes.configuration;
  if (error.code === "SG_RUN_CANCELLED" || error.code === "SG_CLI_INTERRUPTED") return exitCodes.interrupted;
  if (/^SG_MODEL_(DIGEST|UNPINNED|TOO_LARGE)$/.test(error.code)) return exitCodes.input;
  if (/^SG_MODEL_(ABSENT|DISK|FOLDER)$/.test(error.code)) return exitCodes.unavailable;
  if (error.status >= 400 && error.status < 500) return exitCodes.input;
  return error.retryable ? exitCodes.unavailable : exitCodes.failed;
}
