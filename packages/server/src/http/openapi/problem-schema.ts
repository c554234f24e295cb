import { z } from "zod";

/** RFC 9457 problem with this gateway's members; `Problem` is what the code makes. */
export const problemSchema = z.object({
  type: z.string().describe("urn:stargate:error:<code>"),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string().describe("Closed catalogue: docs/errors.md"),
  hint: z.string().describe("What to do, as an imperative"),
  requestId: z.string(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.unknown()).optional(),
});
