import { once } from "node:events";
import { startNode, type Child } from "./child-process.ts";

/** A kind of request, and how large its share is. */
export interface RequestClass {
  readonly name: string;
  /** 0-1; the shares of all classes sum to one. */
  readonly share: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Requests that come when they come, whether the last one has been answered or not. */
export interface OpenLoadOrder {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly classes: readonly RequestClass[];
  /** Mean of a Poisson process. */
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly seed: number;
  /** The body of a request is its number; they count from here, modulo `bodies`. */
  readonly firstBody: number;
  readonly bodies: number;
  /** Times a client sends a request again at once when it is refused with 503 or broken off. */
  readonly retries: number;
  /** Sends nothing any more once GET /readyz says no, as a load balancer does. */
  readonly watchReadiness: boolean;
}

/** One request of a client and how it ended, its repetitions included. */
export interface LoadSample {
  /** Of the body. */
  readonly id: number;
  readonly kind: string;
  /** Unix milliseconds of the first attempt. */
  readonly atMs: number;
  /** Of the last attempt alone. */
  readonly ms: number;
  /** 0: the connection broke, or none was to be had. */
  readonly status: number;
  readonly attempts: number;
  readonly retryAfter: string | null;
  /** The answer; for statuses other than 200 the error. */
  readonly body: string;
}

/** What a burst may leave out. */
export type OpenLoad = Pick<OpenLoadOrder, "port" | "path" | "ratePerSecond" | "seconds"> & Partial<OpenLoadOrder>;

export interface OpenLoadClient extends AsyncDisposable {
  burst(load: OpenLoad): Promise<readonly LoadSample[]>;
}

const everyone: RequestClass = { name: "all", share: 1, headers: {} };

/** A client in a process of its own, so that it is not held up by what it measures. */
export async function startOpenLoad(): Promise<OpenLoadClient> {
  const child: Child = await startNode(new URL("open-load-client.ts", import.meta.url).pathname, { messages: true });
  let bursts = 0;
  return {
    async burst(load) {
      const reported = once(child.process, "message");
      bursts += 1;
      child.process.send({
        headers: {},
        classes: [everyone],
        seed: bursts,
        firstBody: 1,
        bodies: 1_000_000,
        retries: 0,
        watchReadiness: false,
        ...load,
      } satisfies OpenLoadOrder);
      const [samples] = (await reported) as [readonly LoadSample[]];
      return samples;
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
