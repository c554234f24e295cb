import { createErrorFactory, type TaskContext } from "@stargate/kernel";

// Tasks the tests of the worker pool run. Loaded by workers, from source.

const fail = createErrorFactory({
  SG_TEST_BROKEN: {
    title: "Broken",
    meaning: "A test breaks.",
    solution: "Mend it.",
    status: 418,
    retryable: true,
    public: true,
  },
});

export function double(input: number): number {
  return input * 2;
}

export function identity(input: unknown): unknown {
  return input;
}

let calls = 0;

/** How often this worker has been called: tells a warm worker from a new one. */
export function countCalls(): number {
  calls += 1;
  return calls;
}

export function failWithCode(): never {
  throw fail("SG_TEST_BROKEN", "It broke at 7", {
    hint: "Turn it off and on.",
    details: { at: 7 },
    cause: new RangeError("deep down"),
  });
}

export function failPlainly(): never {
  throw new TypeError("not a function");
}

export function leaveProcess(): never {
  process.exit(3);
}

export function fillHeap(): number {
  const held: string[][] = [];
  for (;;) held.push(Array.from({ length: 100_000 }, (_, index) => `${index}-${held.length}`));
}

/** Tells that it has begun, then ends only when it is aborted. */
export async function untilAborted(_input: null, context: TaskContext): Promise<string> {
  context.progress("begun");
  await new Promise<void>((resolve) => context.signal.addEventListener("abort", () => resolve(), { once: true }));
  return "aborted";
}

/** Tells that it has begun, then computes for ever without looking up. */
export function spin(_input: null, context: TaskContext): never {
  context.progress("begun");
  for (;;) Math.random();
}

let moved = new Uint8Array(0);

/** Gives bytes, and how many are left of those it gave before. */
export function moveBytes(count: number, { transfer }: TaskContext) {
  const left = moved.byteLength;
  moved = new Uint8Array(count).fill(7);
  transfer([moved.buffer]);
  return { bytes: moved, left };
}

export async function readBlob(input: {
  readonly blob: Blob;
}): Promise<{ readonly text: string; readonly size: number; readonly type: string }> {
  return { text: await input.blob.text(), size: input.blob.size, type: input.blob.type };
}

export function makeBlob(text: string): { readonly blobs: readonly Blob[] } {
  return { blobs: [new Blob([text], { type: "text/plain" })] };
}
