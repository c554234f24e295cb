import type { AnyTransform, JsonObject } from "@stargate/kernel";
import { z } from "zod";

/** A name that clients can ask for, and the options of the transform that it stands for. */
export interface ModelName {
  readonly name: string;
  readonly options: JsonObject;
}

/**
 * Names of the models behind a transform: the values of its option `model`, when that is an enumeration; else the name of
 * its best rung; else that rung's model; else its own id.
 */
export function modelNamesOf(transform: AnyTransform): readonly ModelName[] {
  const choices = modelChoices(transform);
  if (choices.length > 0) return choices.map((model) => ({ name: model, options: { model } }));
  const [best] = transform.ladder;
  const rung = best?.name === "default" ? best.model : best?.name;
  return [{ name: rung ?? transform.id, options: {} }];
}

const modelOptionSchema = z.looseObject({
  properties: z.looseObject({ model: z.looseObject({ enum: z.array(z.string()) }) }),
});

/** Values of the option `model`, where they are listed. */
function modelChoices({ options }: AnyTransform): readonly string[] {
  const parsed = modelOptionSchema.safeParse(z.toJSONSchema(options, { io: "input", unrepresentable: "any" }));
  return parsed.success ? parsed.data.properties.model.enum : [];
}
