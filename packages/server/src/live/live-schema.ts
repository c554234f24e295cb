import { z } from "zod";
import { byteSizeSchema } from "../config/byte-size.ts";

/** Part `live` of the configuration: sound that comes in while it is worked on. */
export const liveSchema = z.strictObject({
  maxSessions: z.int().min(1).default(64).describe("WebSockets open at once; more are refused with 503."),
  maxSessionSeconds: z
    .number()
    .positive()
    .default(4 * 3600)
    .describe("Longest live session. Default 4 hours."),
  silenceSeconds: z
    .number()
    .positive()
    .default(60)
    .describe("A WebSocket whose client sends nothing for so long, not even answers to pings, is closed."),
  maxMessageBytes: byteSizeSchema.default(2 ** 20).describe("Largest message of a WebSocket. Default 1 MiB."),
  maxWaitingBytes: byteSizeSchema
    .default(16 * 2 ** 20)
    .describe("Sound that may wait to be worked on, per session, before its client has to wait. Default 16 MiB."),
});
