/** What one line of nvidia-smi says: the number of a GPU and its power; undefined watts where the GPU does not tell. */
export interface PowerLine {
  readonly gpu: number;
  readonly watts: number | undefined;
}

/** Reads `index,power.draw` as csv,noheader,nounits writes them: "0, 71.32", "1, [N/A]". */
export function readPowerLine(line: string): PowerLine | undefined {
  const [, gpu, power = ""] = /^\s*(\d+)\s*,\s*(.+?)\s*$/.exec(line) ?? [];
  if (gpu === undefined) return undefined;
  const watts = Number(power);
  return { gpu: Number(gpu), watts: Number.isFinite(watts) ? watts : undefined };
}

/**
 * Number of a CUDA device as nvidia-smi counts them. CUDA_VISIBLE_DEVICES chooses and orders devices by number; when it
 * names them otherwise nothing can be told. Apart from that CUDA counts the fastest first, unless CUDA_DEVICE_ORDER is
 * PCI_BUS_ID as nvidia-smi's order is: that only differs where GPUs of several makes are mixed.
 */
export function physicalGpu(device: number, visible: string | undefined): number | undefined {
  if (visible === undefined || visible.trim() === "") return device;
  const chosen = visible.split(",")[device]?.trim();
  return chosen !== undefined && /^\d+$/.test(chosen) ? Number(chosen) : undefined;
}
