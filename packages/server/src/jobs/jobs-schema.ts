import { z } from "zod";
import { byteSizeSchema } from "../config/byte-size.ts";
import { fail } from "../errors/server-errors.ts";

const webhookSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Told of every job that ends; its host must stand in allow.hosts. `Stargate-Webhook` of a request wins."),
  secret: z
    .union([z.string().min(16), z.strictObject({ env: z.string().min(1) })])
    .optional()
    .describe("Signs every webhook: at least 16 characters, or `{ env: NAME }`. Without it there are no webhooks."),
  timeoutMs: z.int().positive().default(30_000).describe("Time for one attempt."),
  maxAttempts: z
    .int()
    .min(1)
    .default(12)
    .describe("Attempts until a receiver is given up; pauses double from 1 s to 5 minutes."),
});

/** Part `jobs` of the configuration: requests with `Prefer: respond-async`. */
export const jobsSchema = z.strictObject({
  maxRunning: z.int().min(1).default(2).describe("Jobs worked on at once."),
  maxQueued: z.int().min(1).default(1000).describe("Jobs that may wait, all tenants together."),
  maxQueuedPerTenant: z.int().min(1).default(500).describe("Jobs that may wait, of one tenant."),
  maxRunMs: z
    .int()
    .positive()
    .default(6 * 3_600_000)
    .describe("Longest time one job may run; Stargate-Deadline-Ms can only shorten it. Default 6 hours."),
  maxAttempts: z
    .int()
    .min(1)
    .default(3)
    .describe("Times a job is begun: again when the gateway was killed, or when its failure may pass."),
  keepSeconds: z.number().positive().default(86_400).describe("How long ended jobs are kept. Default one day."),
  maxResultBytes: byteSizeSchema.default(2 ** 30).describe("Largest result. Default 1 GiB."),
  maxDiskBytes: byteSizeSchema
    .default(10 * 2 ** 30)
    .describe("Inputs and results together, under state.directory; the oldest results go first. Default 10 GiB."),
  webhook: webhookSchema.prefault({}),
});

export type JobsConfig = Readonly<z.output<typeof jobsSchema>>;

/** What webhooks of jobs are signed with. Throws SG_CONFIG_INVALID for an address without secret, or a variable that is not set. */
export function webhookSecretOf(
  { webhook: { url, secret } }: JobsConfig,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (secret === undefined) {
    if (url === undefined) return undefined;
    throw fail("SG_CONFIG_INVALID", "jobs.webhook has a url and no secret to sign with", {
      hint: "Set jobs.webhook.secret to at least 16 characters, or to { env: NAME }.",
    });
  }
  const value = typeof secret === "string" ? secret : environment[secret.env];
  if (value !== undefined && value !== "") return value;
  throw fail(
    "SG_CONFIG_INVALID",
    `jobs.webhook.secret: environment variable ${typeof secret === "string" ? "" : secret.env} is not set`,
  );
}
