import { fail as failKernel } from "@stargate/kernel";
import { z } from "zod";
import { fail } from "../../errors/live-errors.ts";
import type { Message } from "../websocket/frame-reader.ts";

const endSchema = z.strictObject({ type: z.literal("end") });

/**
 * Sound out of the messages of a WebSocket, up to {"type": "end"}. Throws SG_LIVE_MESSAGE for another text, SG_RUN_CANCELLED
 * when the client goes away before it has said that this is all.
 */
export async function* soundMessages(messages: AsyncIterable<Message>): AsyncGenerator<Uint8Array> {
  for await (const message of messages) {
    if (message.kind === "bytes") yield message.bytes;
    else if (isEnd(message.text)) return;
    else
      throw fail("SG_LIVE_MESSAGE", `A text message has ${message.text.length} characters and is no {"type": "end"}`);
  }
  throw failKernel("SG_RUN_CANCELLED", "The client went away before the end of its sound");
}

function isEnd(text: string): boolean {
  try {
    return endSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
