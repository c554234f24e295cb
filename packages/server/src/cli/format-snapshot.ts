import type { ComputeSnapshot } from "@stargate/compute";

type Pool = ComputeSnapshot["pools"][number];

const BAR_WIDTH = 10;
const UNKNOWN = "-";

/** A column: its heading, and its cell for a pool. Numbers stand on the right. */
interface Column {
  readonly heading: string;
  readonly left?: boolean;
  readonly cell: (pool: Pool) => string;
}

const columns: readonly Column[] = [
  { heading: "POOL", left: true, cell: ({ id }) => id },
  { heading: "BUSY", left: true, cell: ({ windows }) => bar(windows["10s"].busyFraction) },
  { heading: "SLOTS", cell: ({ busySlots, slots }) => `${busySlots}/${slots}` },
  { heading: "QUEUE", cell: ({ queuedCalls }) => String(queuedCalls) },
  { heading: "RUNS/s", cell: ({ windows: { "10s": now } }) => rate(now.runs, now.seconds) },
  { heading: "ITEMS/s", cell: ({ windows: { "10s": now } }) => rate(now.items, now.seconds) },
  { heading: "FILL", cell: ({ windows }) => percent(windows["10s"].batchFill) },
  {
    heading: "FLOP/s",
    cell: ({ windows: { "10s": now } }) => `${notAll(now.flopsKnown)}${scaled(now.flopsPerSecond)}`,
  },
  { heading: "WATTS", cell: ({ windows }) => scaled(windows["10s"].watts) },
  { heading: "J/ITEM", cell: ({ windows: { "10s": now } }) => scaled(perItem(now.joules, now.items)) },
  { heading: "FLOP/s/W", cell: ({ windows }) => scaled(windows["10s"].flopsPerWatt) },
  { heading: "ENERGY", left: true, cell: ({ power }) => power.source ?? "unknown" },
];

/** The pools as a table for a terminal, and under each what is unusual or worth knowing. */
export function formatSnapshot({ at, pools }: ComputeSnapshot): string {
  const title = `${at.slice(0, 19).replace("T", " ")} UTC, last 10 s`;
  if (pools.length === 0) return `${title}\nThere are no pools: no open adapter brings a backend that works here.\n`;
  const rows = [columns.map(({ heading }) => heading), ...pools.map((pool) => columns.map(({ cell }) => cell(pool)))];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const [heading = "", ...lines] = rows.map((row) =>
    columns
      .map(({ left }, index) => {
        const cell = row[index] ?? "";
        return left === true ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0);
      })
      .join("  ")
      .trimEnd(),
  );
  const body = pools.flatMap((pool, index) => [lines[index] ?? "", ...notesOf(pool).map((note) => `  ${note}`)]);
  return `${title}\n\n${[heading, ...body].join("\n")}\n`;
}

function notesOf(pool: Pool): readonly string[] {
  const { "10s": now, "60s": minute } = pool.windows;
  const resting = pool.hosts.filter(({ state }) => state === "stuck" || state === "paused");
  return [
    ...listed("models", pool.models),
    ...counted("runs began because", now.releases),
    ...counted("refused in the last minute", minute.refusals),
    ...counted("hosts in the last minute", minute.hosts),
    ...(now.failedRuns > 0 ? [`failed runs: ${now.failedRuns}`] : []),
    ...resting.map(({ slot, state }) => `slot ${slot} is ${state}`),
    ...(minute.carbonGrams === null || minute.seconds === 0
      ? []
      : [`carbon: ${scaled((minute.carbonGrams * 3600) / minute.seconds)}g/h`]),
  ];
}

function listed(what: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`${what}: ${names.join(", ")}`];
}

function counted(what: string, counts: Readonly<Record<string, number>>): readonly string[] {
  return listed(
    what,
    Object.entries(counts).map(([kind, count]) => `${kind} ${Math.round(count)}`),
  );
}

function bar(fraction: number): string {
  const filled = Math.min(BAR_WIDTH, Math.round(fraction * BAR_WIDTH));
  return `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${percent(fraction).padStart(4)}`;
}

function percent(fraction: number | null): string {
  return fraction === null ? UNKNOWN : `${Math.round(100 * fraction)}%`;
}

function rate(count: number, seconds: number): string {
  return seconds === 0 ? UNKNOWN : scaled(count / seconds);
}

function perItem(joules: number | null, items: number): number | null {
  return joules === null || items === 0 ? null : joules / items;
}

/** Before a number that is more than what is known of it. */
function notAll(known: number | null): string {
  return known === null || known === 0 || known === 1 ? "" : ">";
}

const prefixes = ["p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E"];

/** Three digits and a prefix: 41.2G. */
function scaled(value: number | null): string {
  if (value === null) return UNKNOWN;
  if (value === 0) return "0";
  const step = Math.min(6, Math.max(-4, Math.floor(Math.log10(Math.abs(value)) / 3 + 1e-9)));
  const digits = Number((value / 1000 ** step).toPrecision(3));
  return digits === 1000 && step < 6 ? `1${prefixes[step + 5]}` : `${digits}${prefixes[step + 4]}`;
}
