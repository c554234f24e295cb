import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const here = (file: string): string => new URL(`processes/${file}`, import.meta.url).pathname;

/** Servers written in Python that the suite is compared with. */
export const pythonPeers = [
  {
    name: "FastAPI",
    file: here("fastapi_server.py"),
    packages: ["fastapi", "uvicorn[standard]", "onnxruntime", "numpy"],
  },
  { name: "Ray Serve", file: here("ray_server.py"), packages: ["ray[serve]", "onnxruntime", "numpy"] },
] as const;

export type PythonPeer = (typeof pythonPeers)[number];

export interface PeerServer extends AsyncDisposable {
  readonly port: number;
}

/** A folder with its own Python packages; it is removed in the end. */
export interface PythonHome extends AsyncDisposable {
  /** Installs a peer's packages; false, with the reason told, when that cannot be done here. */
  install(peer: PythonPeer, note: (message: string) => void): Promise<boolean>;
  start(peer: PythonPeer, model: string, example: string): Promise<PeerServer>;
}

export async function createPythonHome(): Promise<PythonHome> {
  const folder = await mkdtemp(join(tmpdir(), "stargate-bench-"));
  const python = join(folder, "bin/python");
  let isMade = false;
  return {
    async install({ name, packages }, note) {
      try {
        note(`${name}: installing ${packages.join(", ")}`);
        if (!isMade) await run("python3", ["-m", "venv", folder], { timeout: 60_000 });
        isMade = true;
        await run(python, ["-m", "pip", "install", "-q", ...packages], { timeout: 420_000, maxBuffer: 2 ** 24 });
        return true;
      } catch (error) {
        const reason = error instanceof Error ? error.message.trim().split("\n").at(-1) : "";
        note(`${name}: left out, its packages cannot be installed here (${reason ?? ""})`);
        return false;
      }
    },
    start: (peer, model, example) => start(python, peer, model, example),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function start(python: string, { name, file }: PythonPeer, model: string, example: string): Promise<PeerServer> {
  const port = await freePort();
  // A group of its own: Ray starts many processes, which end with the first one only when they are told.
  const child = spawn(python, [file, model, String(port)], { stdio: "ignore", detached: true });
  const end = async (): Promise<void> => {
    const { pid } = child;
    if (pid === undefined) return;
    const exited = child.exitCode !== null || child.signalCode !== null ? undefined : once(child, "exit");
    signalGroup(pid, "SIGTERM");
    await Promise.race([exited, pause(10_000)]);
    signalGroup(pid, "SIGKILL");
  };
  for (let attempt = 0; !(await answers(port, example)); attempt++) {
    if (attempt < 600 && child.exitCode === null) await pause(200);
    else {
      await end();
      throw new RangeError(`${name} does not answer`);
    }
  }
  return { port, [Symbol.asyncDispose]: end };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended.
  }
}

async function answers(port: number, body: string): Promise<boolean> {
  try {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${port}/predict`, { method: "POST", headers, body });
    return response.ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  server.close();
  return port;
}
