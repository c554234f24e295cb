import type { AnyTransform } from "../../contract/transform.ts";
import { digestValue } from "../../util/digest.ts";
import { createTestContext, type Recorded, type TestContextOptions } from "../test-context.ts";
import { transformOf, type AdapterSubject, type TransformCase } from "./adapter-subject.ts";

export interface CaseRun {
  readonly transform: AnyTransform;
  readonly input: unknown;
  /** A stream output is collected into an array. */
  readonly output: unknown;
  readonly recorded: Recorded;
}

/** Calls a transform once, as a case says, with a recording context. */
export async function runCase(
  subject: AdapterSubject,
  transformCase: Pick<TransformCase, "transform" | "input" | "options">,
  options: TestContextOptions = {},
): Promise<CaseRun> {
  const transform = transformOf(subject.create(), transformCase.transform);
  const input = await transformCase.input();
  const { context, recorded } = createTestContext(transform, {
    host: subject.host,
    options: transformCase.options,
    ...options,
  });
  const output = await invoke(transform, input, context);
  return { transform, input, output, recorded };
}

/** Calls `run` and collects a stream output. */
export async function invoke(
  transform: AnyTransform,
  input: unknown,
  context: Parameters<AnyTransform["run"]>[1],
): Promise<unknown> {
  const result: unknown = await transform.run(input as never, context); // ports are checked by the graph, not here
  if (transform.to.kind !== "many") return result;
  const items: unknown[] = [];
  for await (const item of result as AsyncIterable<unknown>) items.push(item);
  return items;
}

/** Digest of an output: two equal outputs have the same one. */
export function digestOutput(output: unknown): Promise<string> {
  return digestValue(output);
}
