// Loaded before the gateway with --import: tracing switched on. A provider in the manner of the OpenTelemetry SDK's
// (spans with random ids, attributes, times, handed over in batches), so that the gateway pays for recording them.
import {
  trace,
  TraceFlags,
  type Attributes,
  type Span,
  type SpanContext,
  type TracerProvider,
} from "@opentelemetry/api";

interface RecordedSpan {
  readonly name: string;
  readonly context: SpanContext;
  readonly startMs: number;
  readonly attributes: Attributes;
  readonly events: { readonly name: string; readonly atMs: number }[];
  status: number;
  endMs: number | null;
}

/** As many as the SDK's batch processor hands to its exporter at once. */
const batchSpans = 512;
let batch: RecordedSpan[] = [];

const provider: TracerProvider = {
  getTracer: () => ({
    startSpan: (name, options) => startSpan(name, options?.attributes ?? {}),
    startActiveSpan: (...given: unknown[]) => {
      const work = given.at(-1) as (span: Span) => never; // the last argument in each of its overloads
      return work(startSpan(String(given[0]), {}));
    },
  }),
};
trace.setGlobalTracerProvider(provider);

function startSpan(name: string, attributes: Attributes): Span {
  const recorded: RecordedSpan = {
    name,
    context: {
      traceId: randomHex(16),
      spanId: randomHex(8),
      traceFlags: TraceFlags.SAMPLED,
    },
    startMs: performance.now(),
    attributes: { ...attributes },
    events: [],
    status: 0,
    endMs: null,
  };
  const span: Span = {
    spanContext: () => recorded.context,
    isRecording: () => true,
    setAttribute: (key, value) => ((recorded.attributes[key] = value), span),
    setAttributes: (more) => (Object.assign(recorded.attributes, more), span),
    addEvent: (event) => (recorded.events.push({ name: event, atMs: performance.now() }), span),
    addLink: () => span,
    addLinks: () => span,
    setStatus: ({ code }) => ((recorded.status = code), span),
    updateName: () => span,
    recordException: () => undefined,
    end: () => {
      recorded.endMs = performance.now();
      batch.push(recorded);
      if (batch.length >= batchSpans) batch = []; // exported
    },
  };
  return span;
}

/** As the SDK's id generator does it: not from the system's entropy, which would cost a call of the kernel per span. */
function randomHex(bytes: number): string {
  let hex = "";
  for (let index = 0; index < bytes; index += 4)
    hex += Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return hex;
}
