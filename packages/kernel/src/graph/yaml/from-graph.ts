import type { JsonObject } from "../../util/json.ts";
import type { Graph, GraphBody, GraphStep, Wire } from "../graph.ts";
import { formatCondition } from "./condition-text.ts";
import { defaultNames } from "./step-schemas.ts";

/** The human spelling of a graph as data, in the order people read it; what can be left out is left out. */
export function fromGraph({ name, description, policy, ...body }: Graph): JsonObject {
  return {
    name,
    description,
    ...spellInputs(body.inputs),
    ...spellBody(body, onlyOf(body)),
    policy: policy as JsonObject | undefined,
  }; // a policy is JSON
}

function spellInputs(inputs: GraphBody["inputs"]): JsonObject {
  const names = Object.keys(inputs);
  return names.length === 1 && names[0] === defaultNames.input ? { input: inputs[defaultNames.input] } : { inputs };
}

function spellBody({ steps, output }: GraphBody, first: Wire | undefined): JsonObject {
  const spelled = steps.map((step, index) => spellStep(step, index === 0 ? first : steps[index - 1]?.id));
  return { steps: spelled, output: output === steps.at(-1)?.id ? undefined : output };
}

function spellStep(step: GraphStep, before: Wire | undefined): JsonObject {
  const { id, soft } = step;
  switch (step.kind) {
    case "transform":
      return {
        id,
        use: step.use,
        from: step.from === before ? undefined : step.from,
        with: isEmpty(step.with) ? undefined : step.with,
        soft,
        orElse: step.orElse,
      };
    case "map": {
      const { over, from, body, concurrency, order } = step;
      const item = itemOf(body, from ?? {});
      return {
        id,
        map: over,
        as: unless(item, defaultNames.item),
        using: isEmpty(from) ? undefined : from,
        concurrency,
        order,
        soft,
        ...spellBody(body, item),
      };
    }
    case "switch": {
      const { on, from, cases, otherwise } = step;
      const usual = Object.keys(from).length === 1 && from[defaultNames.input] === on;
      const branches = cases.map(({ when, body }) => ({
        when: formatCondition(when),
        ...spellBody(body, onlyOf(body)),
      }));
      return {
        id,
        switch: on,
        from: usual ? undefined : from,
        soft,
        cases: branches,
        otherwise: spellBody(otherwise, onlyOf(otherwise)),
      };
    }
    case "loop": {
      const { from, body, until, maxIterations } = step;
      return {
        id,
        loop: from,
        as: unless(onlyOf(body), defaultNames.loop),
        until: formatCondition(until),
        maxIterations,
        soft,
        ...spellBody(body, onlyOf(body)),
      };
    }
    case "window":
      return { id, window: step.over, ...step.size, lateSeconds: step.lateSeconds, key: step.key, soft };
    case "join":
      return {
        id,
        join: [step.left, step.right],
        withinSeconds: step.withinSeconds,
        lateSeconds: step.lateSeconds,
        key: step.key,
        soft,
      };
    case "pipeline": {
      const { from, body } = step;
      const only = onlyOf(body);
      const feed = only === undefined ? from : from[only];
      return {
        id,
        pipeline: { ...spellInputs(body.inputs), ...spellBody(body, only) },
        from: feed === before ? undefined : feed,
        soft,
      };
    }
  }
}

/** The input of a map's body that nothing else feeds, as the compiler sees it. */
function itemOf({ inputs }: GraphBody, from: Readonly<Record<string, Wire>>): Wire | undefined {
  return Object.keys(inputs).find((name) => !Object.hasOwn(from, name));
}

function onlyOf({ inputs }: GraphBody): Wire | undefined {
  const names = Object.keys(inputs);
  return names.length === 1 ? names[0] : undefined;
}

function unless(name: string | undefined, usual: string): string | undefined {
  return name === usual ? undefined : name;
}

function isEmpty(value: object | undefined): boolean {
  return value === undefined || Object.keys(value).length === 0;
}
