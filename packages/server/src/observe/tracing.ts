import { context, SpanStatusCode, trace, type Span } from "@opentelemetry/api";
import { isStargateError, type RunEvent } from "@stargate/kernel";

/**
 * Spans through the OpenTelemetry API only: free of cost until the process that starts the gateway registers an SDK
 * (`node --import ./otel.js ...`). One span per run, one child per step.
 */
const tracer = trace.getTracer("@stargate/server");

/** The span of one run. `onEvent` is undefined when nobody records, so that a run is not slowed for nothing. */
export interface RunSpan {
  readonly onEvent: ((event: RunEvent) => void) | undefined;
  end(error?: unknown): void;
}

/** Starts the span of a run. `name` is the pipeline's or "convert". */
export function startRunSpan(name: string, attributes: Readonly<Record<string, string>>): RunSpan {
  const span = tracer.startSpan(`stargate.run ${name}`, { attributes });
  return { onEvent: span.isRecording() ? stepSpans(span) : undefined, end: (error) => endSpan(span, error) };
}

function stepSpans(parent: Span): (event: RunEvent) => void {
  const open = new Map<string, Span>();
  const parentContext = trace.setSpan(context.active(), parent);
  return (event) => {
    if (event.type === "step-start")
      open.set(event.step, tracer.startSpan(`stargate.step ${event.step}`, {}, parentContext));
    if (event.type === "step-end") {
      const span = open.get(event.step);
      open.delete(event.step);
      if (span === undefined) return;
      if (!event.ok) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    }
    if (event.type === "issue") parent.addEvent("issue", { code: event.issue.code, step: event.issue.step });
  };
}

function endSpan(span: Span, error: unknown): void {
  if (error !== undefined)
    span.setStatus({ code: SpanStatusCode.ERROR, message: isStargateError(error) ? error.code : "SG_SERVER_INTERNAL" });
  span.end();
}
