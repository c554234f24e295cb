import type { z } from "zod";
import { didYouMean } from "../../util/nearest-name.ts";
import { inferredPort } from "../port-text.ts";
import type { Graph, GraphBody, GraphStep, Wire, WindowStep } from "../graph.ts";
import type { ProblemList } from "./problem-list.ts";
import { readCondition } from "./read-condition.ts";
import { defaultNames, pipelineSchema, stepKeys, stepSchemas, type StepKey } from "./step-schemas.ts";

type Path = readonly (string | number)[];
type Inputs = GraphBody["inputs"];

/** Where a step stands: what it is told when it names no wire itself. */
interface Place {
  readonly path: Path;
  readonly list: ProblemList;
  /** The step before; for the first step the input, when there is no choice. */
  readonly before: Wire | undefined;
}

interface SpelledBody {
  readonly steps: readonly unknown[];
  readonly output?: string | undefined;
}

/** Turns the human spelling of a pipeline into its graph; adds what is wrong and returns `undefined`. */
export function toGraph(value: unknown, list: ProblemList): Graph | undefined {
  const spelled = list.parse(pipelineSchema, value, []);
  if (spelled === undefined) return undefined;
  const inputs =
    readInputs(spelled, [], list) ??
    list.add([], "the pipeline has no input: write `input: <modality>`, or `inputs:` with a modality for each name");
  if (inputs === undefined) return undefined;
  const body = readBody(spelled, inputs, onlyOf(inputs), [], list);
  const { name, description, policy } = spelled;
  return (
    body && {
      stargate: 1,
      name,
      ...(description !== undefined && { description }),
      ...body,
      ...(policy !== undefined && { policy }),
    }
  );
}

function readInputs(
  { input, inputs }: { readonly input?: string | undefined; readonly inputs?: Inputs | undefined },
  path: Path,
  list: ProblemList,
): Inputs | undefined {
  if (input === undefined) return inputs;
  if (inputs === undefined) return { [defaultNames.input]: input };
  return list.add(path, "`input` and `inputs` exclude each other: keep one", "inputs");
}

function readBody(
  spelled: SpelledBody,
  inputs: Inputs,
  first: Wire | undefined,
  path: Path,
  list: ProblemList,
): GraphBody | undefined {
  const steps: GraphStep[] = [];
  let before = first;
  for (const [index, value] of spelled.steps.entries()) {
    const step = readStep(value, { path: [...path, "steps", index], list, before });
    if (step !== undefined) steps.push(step);
    before = step?.id;
  }
  const output =
    spelled.output ??
    before ??
    (spelled.steps.length === 0
      ? list.add(path, "there is no step, so say what the output is: `output: <wire>`")
      : undefined);
  return output === undefined ? undefined : { inputs, steps, output };
}

function readStep(value: unknown, place: Place): GraphStep | undefined {
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  const kinds = stepKeys.filter((key) => keys.includes(key));
  const [kind, second] = kinds;
  const all = stepKeys.map((key) => `\`${key}\``).join(", ");
  if (kind === undefined) {
    const near = keys.map((key) => didYouMean(key, stepKeys)).join("");
    return place.list.add(place.path, `a step needs one of ${all}${near}`);
  }
  if (second !== undefined)
    return place.list.add(
      place.path,
      `a step is only one of ${all}, but this one has \`${kind}\` and \`${second}\``,
      second,
    );
  return readers[kind](value, place);
}

/** Reads a step of the kind its key says. */
const readers: { readonly [Key in StepKey]: (value: unknown, place: Place) => GraphStep | undefined } = {
  use: reader(stepSchemas.use, ({ use, from, ...rest }, place) => {
    const feed = from ?? place.before ?? missingFrom(place);
    return feed === undefined ? undefined : { kind: "transform", ...rest, use, from: feed };
  }),
  map: reader(
    stepSchemas.map,
    ({ map, as: item = defaultNames.item, using, steps, output, ...rest }, { path, list }) => {
      if (using !== undefined && Object.hasOwn(using, item))
        return list.add(
          [...path, "using"],
          `'${item}' is the name of the item: rename one of them (\`as: <name>\` renames the item)`,
          item,
        );
      const body = readBody({ steps, output }, inferred([item, ...Object.keys(using ?? {})]), item, path, list);
      return body && { kind: "map", ...rest, over: map, ...(using !== undefined && { from: using }), body };
    },
  ),
  switch: reader(
    stepSchemas.switch,
    ({ switch: on, from = { [defaultNames.input]: on }, cases, otherwise, ...rest }, { path, list }) => {
      const inputs = inferred(Object.keys(from));
      const branch = (spelled: SpelledBody, at: Path) => readBody(spelled, inputs, onlyOf(inputs), at, list);
      const read = cases.map((spelled, index) => ({
        when: readCondition(spelled.when, [...path, "cases", index, "when"], list),
        body: branch(spelled, [...path, "cases", index]),
      }));
      const complete = read.flatMap(({ when, body }) =>
        when === undefined || body === undefined ? [] : [{ when, body }],
      );
      const last = branch(otherwise, [...path, "otherwise"]);
      return complete.length < read.length
        ? undefined
        : last && { kind: "switch", ...rest, on, from, cases: complete, otherwise: last };
    },
  ),
  loop: reader(
    stepSchemas.loop,
    ({ loop, as: name = defaultNames.loop, until, steps, output, ...rest }, { path, list }) => {
      const condition = readCondition(until, [...path, "until"], list);
      const body = readBody({ steps, output }, inferred([name]), name, path, list);
      return body && condition && { kind: "loop", ...rest, from: loop, until: condition, body };
    },
  ),
  window: reader(stepSchemas.window, ({ window, seconds, everySeconds, items, ...rest }, { path, list }) => {
    if ((seconds === undefined) === (items === undefined))
      return list.add(path, "a window is either so many `seconds` long or so many `items`");
    if (items !== undefined && everySeconds !== undefined)
      return list.add(path, "a window of `items` has no `everySeconds`", "everySeconds");
    const size: WindowStep["size"] =
      items !== undefined ? { items } : { seconds: seconds ?? 0, ...(everySeconds !== undefined && { everySeconds }) };
    return { kind: "window", ...rest, over: window, size };
  }),
  join: reader(stepSchemas.join, ({ join: [left, right], ...rest }) => ({ kind: "join", ...rest, left, right })),
  pipeline: reader(stepSchemas.pipeline, ({ pipeline, from, ...rest }, place) => {
    const at = [...place.path, "pipeline"];
    const feed = from ?? place.before ?? missingFrom(place);
    if (feed === undefined) return undefined;
    const named = typeof feed === "string" ? undefined : feed;
    const inputs =
      readInputs(pipeline, at, place.list) ?? inferred(Object.keys(named ?? { [defaultNames.input]: feed }));
    const only = onlyOf(inputs);
    if (named === undefined && only === undefined)
      return place.list.add(
        place.path,
        `feed every input of the pipeline by name: from: { ${Object.keys(inputs)
          .map((name) => `${name}: <wire>`)
          .join(", ")} }`,
      );
    const body = readBody(pipeline, inputs, only, at, place.list);
    return body && { kind: "pipeline", ...rest, from: named ?? { [only ?? ""]: feed as Wire }, body }; // not named, so one wire
  }),
};

function reader<S extends z.ZodType>(schema: S, read: (step: z.output<S>, place: Place) => GraphStep | undefined) {
  return (value: unknown, place: Place): GraphStep | undefined => {
    const step = place.list.parse(schema, value, place.path);
    return step === undefined ? undefined : read(step, place);
  };
}

function missingFrom({ path, list }: Place): undefined {
  return list.add(
    path,
    "say which wire the step reads: `from: <wire>` (only a step after another one, or after a single input, may leave it out)",
  );
}

function inferred(names: readonly string[]): Inputs {
  return Object.fromEntries(names.map((name) => [name, inferredPort]));
}

function onlyOf(inputs: Inputs): Wire | undefined {
  const names = Object.keys(inputs);
  return names.length === 1 ? names[0] : undefined;
}
