import { Worker } from "node:worker_threads";
import { workerEntry } from "../../isolation/worker-entry.ts";
import type { HostOptions } from "../host-options.ts";
import { captureOutput } from "../output/captured-output.ts";
import type { FromHost } from "../wire/host-messages.ts";
import { passTensors } from "../wire/pass-tensors.ts";
import type { HostTransport, StartTransport, TransportEvents } from "./host-transport.ts";

/**
 * Starts hosts that are worker threads. They are never terminated: ending a thread inside ONNX Runtime aborts the whole
 * process (measured), so a thread that is to end is asked to leave, and goes when its runs are over.
 */
export function threadTransport({ clock, log }: Pick<HostOptions, "clock" | "log">): StartTransport {
  return (host, events): HostTransport => {
    const { url, execArgv } = workerEntry({ base: import.meta.url, module: "../inside/thread-main" });
    const worker = new Worker(url, { name: host, execArgv: [...execArgv], stdout: true, stderr: true });
    const output = captureOutput({ host, clock, log });
    const ended = Promise.withResolvers<void>();
    let failure: string | undefined;
    let isGone = false;

    const gone: TransportEvents["gone"] = (lost) => {
      if (!isGone) events.gone(lost);
      isGone = true;
    };
    const askToLeave = (): void => worker.postMessage({ type: "leave" });

    output.attach(worker.stdout, "stdout");
    output.attach(worker.stderr, "stderr");
    worker.on("message", (message: FromHost) => events.message(message));
    worker.on("messageerror", (error) => {
      askToLeave();
      gone({ reason: "broken", what: `said something unreadable: ${error.message}` });
    });
    worker.on("error", (error) => (failure = error instanceof Error ? (error.stack ?? error.message) : String(error)));
    worker.on("exit", (code) => {
      ended.resolve();
      gone({ reason: "exited", what: failure === undefined ? `ended with exit code ${code}` : `failed: ${failure}` });
    });

    return {
      processId: undefined,
      keepsInputs: false,
      send(message) {
        const { message: passed, transfer } = passTensors(message);
        worker.postMessage(passed, transfer);
      },
      busy(busy) {
        if (busy) worker.ref();
        else worker.unref();
      },
      kill: askToLeave,
      leave() {
        askToLeave();
        return ended.promise;
      },
      tail: output.tail,
    };
  };
}
