import { once } from "node:events";
import { startNode, type Child } from "../../support/child-process.ts";
import type { EmbeddingOrder, EmbeddingReport } from "./order.ts";

/** Sends requests from a process of its own. */
export interface EmbeddingClient extends AsyncDisposable {
  /** Throws when anything but 200 is answered. */
  send(order: Omit<EmbeddingOrder, "firstNumber">): Promise<EmbeddingReport>;
}

export async function startEmbeddingClient(): Promise<EmbeddingClient> {
  const child: Child = await startNode(new URL("../processes/embedding-client.ts", import.meta.url).pathname, {
    messages: true,
  });
  let firstNumber = 0;
  return {
    async send(order) {
      const answered = once(child.process, "message");
      child.process.send({ ...order, firstNumber } satisfies EmbeddingOrder);
      const [report] = (await answered) as [EmbeddingReport];
      firstNumber += report.requests;
      if (report.requests === 0 || Object.keys(report.statuses).join() !== "200")
        throw new RangeError(`Embeddings: ${JSON.stringify(report.statuses)}: ${report.example.slice(0, 600)}`);
      return report;
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
