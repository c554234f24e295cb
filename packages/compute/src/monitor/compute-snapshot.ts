import { z } from "zod";

const counts = z.record(z.string(), z.number());
const basis = z.enum(["measured", "estimated", "declared"]);

/** How the energy of runs is known, and how much it is. */
const windowSchema = z.object({
  seconds: z.number().describe("Length of the window: less than its name says while there has not been as much."),
  busyFraction: z.number().describe("Share of the time of all slots in which something ran."),
  runs: z.number(),
  failedRuns: z.number(),
  items: z.number(),
  itemsPerRun: z.number().nullable(),
  batchFill: z.number().nullable().describe("Items of runs over the most they could have had."),
  flopsPerSecond: z.number().nullable().describe("Achieved; null while the operations of no model are known."),
  flopsKnown: z.number().nullable().describe("Share of the items whose operations are known."),
  joules: z.number().nullable().describe("Energy of runs; null where nobody knows."),
  joulesBasis: basis.nullable().describe("The weakest of all runs."),
  watts: z.number().nullable(),
  flopsPerWatt: z
    .number()
    .nullable()
    .describe("FLOP/s per watt; null below two seconds, or while not all operations or energies are known."),
  carbonGrams: z.number().nullable().describe("null without a carbon intensity."),
  releases: counts.describe("Runs by the reason why they began with the calls they had."),
  refusals: counts.describe("Calls refused, by code."),
  hosts: counts.describe("What happened to model hosts: started, failed, lost, ejected, replaced, idle."),
});

const totalsSchema = z.object({
  busySeconds: z.number(),
  runs: counts.describe("By outcome: ok, failed, memory, lost."),
  items: z.number(),
  flops: z.number().describe("Of items whose operations are known."),
  joules: counts.describe("By how they are known."),
  carbonGrams: z.number(),
  releases: counts,
  refusals: counts,
  hosts: counts,
});

const poolSnapshotSchema = z.object({
  id: z.string(),
  backend: z.string(),
  device: z.string(),
  deviceKind: z.string(),
  slots: z.number().describe("Runs at once."),
  busySlots: z.number(),
  queuedCalls: z.number(),
  backlogMs: z.number().describe("Predicted time to clear what is queued and running."),
  models: z.array(z.string()).describe("Loaded now: model/variant."),
  hosts: z.array(
    z.object({
      slot: z.number(),
      state: z.enum(["empty", "starting", "up", "stuck", "paused"]),
      running: z.number(),
      runs: z.number().describe("Since the host started."),
      memoryBytes: z.number().nullable(),
      models: z.array(z.string()),
    }),
  ),
  power: z.object({
    source: z.string().nullable().describe("rapl, nvidia-smi, declared, estimated; null: nobody knows."),
    wattsPerBusySlot: z.number().nullable(),
    basis: basis.nullable(),
    gramsPerKwh: z.number().nullable().describe("Carbon intensity at this hour."),
  }),
  windows: z.object({ "10s": windowSchema, "60s": windowSchema }),
  totals: totalsSchema.describe("Since the pool was opened."),
});

/** What the compute plane is doing and has done: the answer of `GET /v1/compute`. */
export const computeSnapshotSchema = z.object({
  at: z.string().describe("ISO 8601, UTC."),
  pools: z.array(poolSnapshotSchema),
});

export type WindowSnapshot = Readonly<z.output<typeof windowSchema>>;
export type PoolTotals = Readonly<z.output<typeof totalsSchema>>;
export type PoolSnapshot = Readonly<z.output<typeof poolSnapshotSchema>>;
export type ComputeSnapshot = Readonly<z.output<typeof computeSnapshotSchema>>;
