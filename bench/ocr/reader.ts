import { once } from "node:events";
import { startNode, type Child } from "../support/child-process.ts";

/** One document to read. */
export interface ReadOrder {
  readonly file: string;
  /** Options of ocr.read. */
  readonly options: { readonly engine?: "tesseract.js" | "native"; readonly concurrency?: number };
}

export interface ReadReport {
  readonly text: string;
  readonly seconds: number;
  /** Processor time of the process itself, all its threads; what native engines use in processes of their own is not in it. */
  readonly processorSeconds: number;
  readonly coverage: string;
  /** [pages done, resident memory of the process] at every progress event. */
  readonly residentMib: readonly (readonly [pages: number, mib: number])[];
}

/** A process that embeds the adapter. */
export interface Reader extends AsyncDisposable {
  readonly child: Child;
  read(order: ReadOrder): Promise<ReadReport>;
}

export async function startReader(): Promise<Reader> {
  const child = await startNode(new URL("processes/reader-process.ts", import.meta.url).pathname, { messages: true });
  return {
    child,
    async read(order) {
      const answered = once(child.process, "message");
      child.process.send(order);
      const [report] = (await answered) as [ReadReport | { readonly error: string }];
      if ("error" in report) throw new RangeError(`${order.file}: ${report.error}`);
      return report;
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
