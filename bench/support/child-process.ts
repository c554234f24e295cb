import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface ChildOptions {
  readonly arguments?: readonly string[];
  /** Flags of Node itself. */
  readonly nodeArguments?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly directory?: string;
  /** File descriptor that takes what the child logs; this terminal by default. */
  readonly errorOutput?: number | "ignore" | "inherit";
  /** Whether our packages are taken from source, which is the default, or as they are built. */
  readonly source?: boolean;
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
    [
      ...(options.source === false ? [] : ["--conditions=@stargate/source"]),
      ...(options.nodeArguments ?? []),
      file,
      ...(options.arguments ?? []),
    ],
    {
      stdio: [
        "ignore",
        "pipe",
        options.errorOutput ?? "inherit",
        ...(options.messages === true ? (["ipc"] as const) : []),
      ],
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

/** The first line that is a JSON object: Node's own flags may make it print others. */
function firstLine(child: ChildProcess, file: string): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new TypeError(`${file} has no stdout`);
    const timer = setTimeout(() => reject(new RangeError(`${file} was not ready in ${patienceMs} ms`)), patienceMs);
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => {
      if (!line.startsWith("{")) return;
      clearTimeout(timer);
      lines.removeAllListeners("line");
      resolve(JSON.parse(line) as Readonly<Record<string, unknown>>);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new RangeError(`${file} ended with code ${String(code)} before it was ready`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  await exited;
  clearTimeout(kill);
}
