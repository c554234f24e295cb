import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

export interface ChildOptions {
  readonly arguments?: readonly string[];
  /** Flags of Node itself. */
  readonly nodeArguments?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly directory?: string;
  /** File descriptor that takes what the child logs; this terminal by default. */
  readonly errorOutput?: number | "ignore" | "inherit";
  /** Opens a channel for messages. */
  readonly messages?: boolean;
}

/** A Node process the bench started, that has said it is ready. */
export interface Child extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly pid: number;
  /** The JSON of the line it printed when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** From the spawn to that line. */
  readonly readyMs: number;
}

/** How long a child gets to be ready, and to end after SIGTERM. */
const patienceMs = 60_000;

/** Starts a Node program and waits for its first line, one JSON object. It is ended by its pid when disposed of. */
export async function startNode(file: string, options: ChildOptions = {}): Promise<Child> {
  const startedMs = performance.now();
  const child = spawn(
    process.execPath,
    ["--conditions=@stargate/source", ...(options.nodeArguments ?? []), file, ...(options.arguments ?? [])],
    {
      stdio: ["ignore", "pipe", options.errorOutput ?? "inherit", ...(options.messages === true ? (["ipc"] as const) : [])],
      ...(options.directory === undefined ? {} : { cwd: options.directory }),
      env: { ...process.env, NODE_ENV: "production", ...options.environment },
    },
  );
  try {
    const ready = await firstLine(child, file);
    return {
      process: child,
      pid: child.pid ?? 0,
      ready,
      readyMs: performance.now() - startedMs,
      [Symbol.asyncDispose]: () => end(child),
    };
  } catch (error) {
    await end(child);
    throw error;
  }
}

async function firstLine(
  child: ReturnType<typeof spawn> & { stdin: Writable | null; stdout: Readable | null },
  file: string,
) {
  if (child.stdout === null) throw new TypeError(`${file} has no stdout`);
  const timeout = AbortSignal.timeout(patienceMs);
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "exit", { signal: timeout }).then(([code]) => {
    throw new RangeError(`${file} ended with code ${String(code)} before it was ready`);
  });
  const [line] = (await Promise.race([once(lines, "line", { signal: timeout }), ended])) as [string];
  ended.catch(() => undefined);
  return JSON.parse(line) as Readonly<Record<string, unknown>>;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  await exited;
  clearTimeout(kill);
}
