import { z } from "zod";
import { fail } from "../onnx-errors.ts";

/** One node that was run, as the engine's profile tells it. */
export interface NodeRun {
  /** Name of the node in its graph; the engine makes one up for a node that has none. */
  readonly node: string;
  readonly op: string;
  /** Sizes of all inputs, weights included. */
  readonly inputs: readonly Shape[];
  readonly outputs: readonly Shape[];
}

export type Shape = readonly number[];

// [{"float":[1,3,224,224]},{"int64":[]}]: one entry per input, an empty object for one that is left out.
const shapesSchema = z.array(z.record(z.string(), z.array(z.number())));

const eventSchema = z.object({
  name: z.string().default(""),
  args: z
    .object({ op_name: z.string(), input_type_shape: shapesSchema, output_type_shape: shapesSchema })
    .partial()
    .optional(),
});

const SUFFIX = "_kernel_time";
/** The engine drops events beyond this many (onnxruntime/core/common/profiler.h, `max_num_events_`). */
const MOST_EVENTS = 1_000_000;

/**
 * Reads the profile ONNX Runtime writes of a session (1.30.0): every node that was run, in order, those of loop and branch
 * bodies once for each time. Throws SG_ONNX_PROFILE for a profile that cannot be read or is cut off.
 */
export function readTrace(text: string): readonly NodeRun[] {
  const events = eventsOf(text);
  if (events.length >= MOST_EVENTS)
    throw fail("SG_ONNX_PROFILE", `The profile ends after ${events.length} events, before the run does`);
  return events.flatMap(({ name, args }): NodeRun[] => {
    if (!name.endsWith(SUFFIX) || args?.op_name === undefined) return [];
    return [
      {
        node: name.slice(0, -SUFFIX.length),
        op: args.op_name,
        inputs: shapesOf(args.input_type_shape),
        outputs: shapesOf(args.output_type_shape),
      },
    ];
  });
}

function eventsOf(text: string): z.output<typeof eventSchema>[] {
  try {
    return z.array(eventSchema).parse(JSON.parse(text));
  } catch (cause) {
    throw fail("SG_ONNX_PROFILE", "The profile that ONNX Runtime wrote cannot be read", { cause });
  }
}

function shapesOf(entries: z.output<typeof shapesSchema> = []): readonly Shape[] {
  return entries.map((entry) => Object.values(entry)[0] ?? []);
}
