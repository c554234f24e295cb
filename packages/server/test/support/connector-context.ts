import {
  bytes,
  createPayload,
  text,
  type ConnectorContext,
  type Delivery,
  type Log,
  type Payload,
  type Receipt,
  type SourceItem,
} from "@stargate/kernel";

/** A log that keeps what was said. */
export function createKeptLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (message: string): void => void lines.push(message);
  return { lines, debug: keep, info: keep, warn: keep, error: keep };
}

/** What a connector is opened with; `stop` ends it. */
export function openContext(): ConnectorContext & {
  readonly cursor: null;
  readonly log: ReturnType<typeof createKeptLog>;
  stop(): void;
} {
  const controller = new AbortController();
  return { signal: controller.signal, log: createKeptLog(), cursor: null, stop: () => controller.abort() };
}

export const emptyReceipt: Receipt = {
  stargate: 1,
  id: "0123456789abcdef0123456789abcdef",
  tenant: "default",
  pipeline: "test",
  planHash: "sha256:0",
  startedAt: "2026-01-01T00:00:00.000Z",
  ms: 0,
  input: {},
  output: { modality: "text" },
  steps: [],
  coverage: [],
  degradations: [],
  issues: [],
  meter: [],
};

export function deliveryOf(value: string | Blob, idempotencyKey: string, name?: string): Delivery {
  const payload: Payload = typeof value === "string" ? createPayload(text, value) : createPayload(bytes, value);
  return { idempotencyKey, payload, receipt: emptyReceipt, name };
}

/** The next item of an opened source; the test fails on its time limit when there is none. */
export async function nextItem(items: AsyncIterator<SourceItem<Blob>>): Promise<SourceItem<Blob>> {
  const { value, done } = await items.next();
  if (done === true) throw new TypeError("the source has ended");
  return value as SourceItem<Blob>; // not done: it is an item
}
