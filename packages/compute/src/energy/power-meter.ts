/** Reads the energy of one device, as a counter that only grows. */
export interface PowerMeter {
  /** "rapl", "nvidia-smi": for operators. */
  readonly source: string;
  /** Begins to read; what it learns goes to `listener` until `stop`. Does not keep the process alive. */
  start(listener: PowerListener): void;
  stop(): void;
}

export interface PowerListener {
  /** Joules since some moment in the past, now. */
  reading(joules: number): void;
  /** Nothing can be read any more; readings may come again. */
  lost(): void;
}
