import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Clock, Log } from "@stargate/kernel";
import type { PowerListener, PowerMeter } from "../power-meter.ts";
import { readPowerLine } from "./power-lines.ts";

/** Drivers average power over up to a second: reading it more often says nothing more. */
const EVERY_MS = 200;
/** Pause before it is started again when it has ended. */
const RETRY_MS = 30_000;

export interface NvidiaSmiOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Default "nvidia-smi", which comes with the driver. */
  readonly command?: string | undefined;
}

/** Power of all NVIDIA GPUs of the machine, read by one child process for all of them. */
export interface NvidiaSmi {
  /** Meter of one GPU, as nvidia-smi numbers them. */
  meter(gpu: number): PowerMeter;
}

/**
 * NVML's power readings by way of `nvidia-smi`: it runs on while meters are started, and prints a line for each GPU five
 * times a second. Watts are whole boards, added up into joules here.
 */
export function createNvidiaSmi({ clock, log, command = "nvidia-smi" }: NvidiaSmiOptions): NvidiaSmi {
  const meters = new Map<number, { readonly listener: PowerListener; joules: number; atMs: number | undefined }>();
  let child: ChildProcess | undefined;
  let cancelRetry: (() => void) | undefined;

  function open(): void {
    const args = ["--query-gpu=index,power.draw", "--format=csv,noheader,nounits", `--loop-ms=${EVERY_MS}`];
    const opened = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"], windowsHide: true });
    child = opened;
    opened.unref();
    // The pipe of a child process is a socket; the types only promise a stream.
    (opened.stdout as unknown as { unref(): void }).unref();
    createInterface({ input: opened.stdout }).on("line", hear);
    let isOver = false;
    const over = (error?: NodeJS.ErrnoException): void => {
      if (isOver) return;
      isOver = true;
      if (child !== opened) return; // stopped
      child = undefined;
      for (const meter of meters.values()) loseOne(meter);
      if (error?.code === "ENOENT") return; // no driver: there will be none
      log.warn("nvidia-smi has ended: power is not measured", { retryMs: RETRY_MS, reason: error?.message ?? "" });
      cancelRetry = clock.timer(RETRY_MS, open);
    };
    opened.on("error", over);
    opened.on("close", () => over());
  }

  function hear(line: string): void {
    const heard = readPowerLine(line);
    const meter = heard && meters.get(heard.gpu);
    if (meter === undefined) return;
    if (heard?.watts === undefined) return loseOne(meter);
    const nowMs = clock.nowMs();
    meter.joules += (heard.watts * (nowMs - (meter.atMs ?? nowMs))) / 1000;
    meter.atMs = nowMs;
    meter.listener.reading(meter.joules);
  }

  return {
    meter: (gpu) => ({
      source: "nvidia-smi",
      start(listener) {
        meters.set(gpu, { listener, joules: 0, atMs: undefined });
        if (child === undefined && cancelRetry === undefined) open();
      },
      stop() {
        meters.delete(gpu);
        if (meters.size > 0) return;
        cancelRetry?.();
        cancelRetry = undefined;
        const last = child;
        child = undefined;
        last?.kill();
      },
    }),
  };
}

function loseOne(meter: { readonly listener: PowerListener; atMs: number | undefined }): void {
  meter.atMs = undefined;
  meter.listener.lost();
}
