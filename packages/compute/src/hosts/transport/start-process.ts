import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { workerEntry } from "../../isolation/worker-entry.ts";
import type { HostOptions } from "../host-options.ts";
import { watchBeats } from "../life/beat-watch.ts";
import { captureOutput } from "../output/captured-output.ts";
import type { FromHost, ToHost } from "../wire/host-messages.ts";
import { createFrameReader } from "../wire/read-frames.ts";
import { writeFrame } from "../wire/write-frame.ts";
import type { HostTransport, StartTransport, TransportEvents } from "./host-transport.ts";

/** Time in which what a process wrote before its end is still read. */
const LAST_WORDS_MS = 50;
/** Time a process has to leave when it was asked to. */
const LEAVE_MS = 5000;
/** Time the system has to end a process that was killed. */
const KILL_MS = 1000;

/**
 * Starts hosts that are child processes. Frames go both ways over one socket pair, which the host outlives by no more
 * than a beat: so no host is left when the gateway is killed. A host that gives no sign of life is killed.
 */
export function processTransport({ clock, log }: Pick<HostOptions, "clock" | "log">): StartTransport {
  return (host, events): HostTransport => {
    const { child, wire, beats } = spawnHost();
    const output = captureOutput({ host, clock, log });
    const ended = Promise.withResolvers<void>();
    let isGone = false;

    const gone: TransportEvents["gone"] = (lost) => {
      if (isGone) return;
      isGone = true;
      watch.stop();
      child.kill("SIGKILL");
      events.gone(lost);
    };
    const watch = watchBeats(clock, () => gone({ reason: "hung", what: "gave no sign of life and was killed" }));

    child.on(
      "error",
      (error) => (ended.resolve(), gone({ reason: "exited", what: `did not start: ${error.message}` })),
    );
    child.on("exit", (code, signal) => {
      ended.resolve();
      const tell = (): void =>
        gone(
          signal === null
            ? { reason: "exited", what: `ended with exit code ${code ?? 0}` }
            : { reason: "killed", what: `was ended by ${signal}` },
        );
      child.on("close", tell);
      clock.timer(LAST_WORDS_MS, tell);
    });
    output.attach(child.stdout, "stdout");
    output.attach(child.stderr, "stderr");

    const read = createFrameReader<FromHost>((message) => {
      if (message.type === "ready") watch.beat();
      events.message(message);
    });
    wire.on("data", (chunk) => {
      if (isGone) return;
      try {
        read(chunk);
      } catch (error) {
        gone({ reason: "broken", what: `said something unreadable: ${String(error)}` });
      }
    });
    wire.on("error", () => undefined); // the end of the process follows, and says more
    beats.on("data", (lines) => {
      watch.beat();
      events.beat(Number(lines.toString().trimEnd().split("\n").at(-1)));
    });
    beats.on("error", () => undefined);

    const send = (message: ToHost): void => {
      const chunks = writeFrame(message);
      if (isGone) return;
      wire.cork();
      for (const chunk of chunks) wire.write(chunk);
      wire.uncork();
    };
    const kill = (): void => void child.kill("SIGKILL");
    const hasEndedIn = (ms: number): Promise<boolean> =>
      new Promise((resolve) => {
        const cancel = clock.timer(ms, () => resolve(false));
        void ended.promise.then(() => (cancel(), resolve(true)));
      });

    return {
      processId: child.pid,
      keepsInputs: true,
      send,
      busy(busy) {
        for (const handle of [child, wire])
          if (busy) handle.ref();
          else handle.unref();
      },
      kill,
      async leave() {
        send({ type: "leave" });
        if (await hasEndedIn(LEAVE_MS)) return;
        kill();
        await hasEndedIn(KILL_MS);
      },
      tail: output.tail,
    };
  };
}

interface SpawnedHost {
  readonly child: ChildProcess & { readonly stdout: Socket; readonly stderr: Socket };
  readonly wire: Socket;
  readonly beats: Socket;
}

/** In the gateway's process group: what ends the group hard ends it, too. */
function spawnHost(): SpawnedHost {
  const { url, execArgv } = workerEntry({ base: import.meta.url, module: "../inside/process-main" });
  const child = spawn(process.execPath, [...execArgv, fileURLToPath(url)], {
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    windowsHide: true,
  });
  // Pipes of a child process are sockets; the types only promise streams.
  const [, stdout, stderr, wire, beats] = child.stdio as unknown as [null, Socket, Socket, Socket, Socket];
  for (const stream of [stdout, stderr, beats, child]) stream.unref();
  return { child: Object.assign(child, { stdout, stderr }), wire, beats };
}
