import { SpanStatusCode, trace, type Span, type Tracer, type TracerProvider } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { fail } from "../errors/server-errors.ts";
import { startRunSpan } from "./tracing.ts";

interface Recorded {
  readonly name: string;
  readonly events: string[];
  status?: unknown;
  ended: boolean;
}

const spans: Recorded[] = [];

/** A provider that records names, states and ends: what an SDK would export. */
function record(): void {
  const tracer = {
    startSpan(name: string) {
      const recorded: Recorded = { name, events: [], ended: false };
      spans.push(recorded);
      return {
        isRecording: () => true,
        setStatus: (status: unknown) => (recorded.status = status),
        addEvent: (event: string) => recorded.events.push(event),
        end: () => (recorded.ended = true),
      } as unknown as Span; // as much of a span as the gateway uses
    },
  } as unknown as Tracer;
  trace.setGlobalTracerProvider({ getTracer: () => tracer } satisfies TracerProvider);
}

// First: a tracer that has found its provider keeps it.
test("without a provider nobody listens to the run", () => {
  expect(startRunSpan("shout", {}).onEvent).toBeUndefined();
});

test("a run is a span with one child per step", () => {
  record();
  const span = startRunSpan("shout", {});
  span.onEvent?.({ type: "step-start", step: "loud" });
  span.onEvent?.({ type: "step-end", step: "loud", ms: 1, ok: true });
  span.onEvent?.({ type: "issue", issue: { step: "loud", code: "SG_X", message: "m" } });
  span.end();
  expect(spans).toEqual([
    { name: "stargate.run shout", events: ["issue"], ended: true },
    { name: "stargate.step loud", events: [], ended: true },
  ]);
});

test("failures carry their code and no message", () => {
  spans.length = 0;
  const span = startRunSpan("shout", {});
  span.onEvent?.({ type: "step-start", step: "loud" });
  span.onEvent?.({ type: "step-end", step: "loud", ms: 1, ok: false });
  span.end(fail("SG_HTTP_BUSY", "secret"));
  expect(spans.map(({ status }) => status)).toEqual([
    { code: SpanStatusCode.ERROR, message: "SG_HTTP_BUSY" },
    { code: SpanStatusCode.ERROR },
  ]);
});
