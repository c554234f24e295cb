import { once } from "node:events";
import { startNode, type Child } from "./child-process.ts";

/** One burst of requests, all alike. */
export interface LoadOrder {
  readonly port: number;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Connections, each with one request under way. */
  readonly clients: number;
  readonly seconds: number;
  /** Ends the burst early. */
  readonly maxRequests: number;
}

export interface LoadReport {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers by status code. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The first answer, head and body. */
  readonly example: string;
}

/** What a burst is aimed at. */
export type Target = Pick<LoadOrder, "port" | "method" | "path" | "headers" | "body"> & { readonly name: string };

/** How hard and how long: a burst ends after `seconds` or, when they are given, after so many requests. */
export type Load = Pick<LoadOrder, "clients" | "seconds"> & { readonly maxRequests?: number };

/** The load client's process. */
export interface LoadClient extends AsyncDisposable {
  burst(target: Target, load: Load): Promise<LoadReport>;
}

/** More requests than any burst of a bench makes. */
const mostRequests = 1_000_000;

export async function startLoadClient(): Promise<LoadClient> {
  const child: Child = await startNode(new URL("load-client.ts", import.meta.url).pathname, { messages: true });
  return {
    async burst(target, load) {
      const { name, ...request } = target;
      const reported = once(child.process, "message");
      child.process.send({ maxRequests: mostRequests, ...request, ...load } satisfies LoadOrder);
      const [report] = (await reported) as [LoadReport];
      const failed = Object.entries(report.statuses).filter(([status]) => status !== "200");
      if (failed.length > 0 || report.requests === 0)
        throw new RangeError(`${name} answered ${JSON.stringify(report.statuses)}: ${report.example.slice(0, 600)}`);
      return report;
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
