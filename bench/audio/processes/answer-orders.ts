import type { WhisperOrder, WhisperReport } from "../whisper-process.ts";

/** Answers orders of the bench until it is gone, and says that it is ready. */
export function answerOrders(work: (order: WhisperOrder) => Promise<WhisperReport>): void {
  process.on("message", (order: WhisperOrder) => {
    work(order).then(
      (report) => process.send?.(report),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.on("disconnect", () => process.exit(0));
  process.stdout.write("{}\n");
}
