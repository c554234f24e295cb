import type { Condition } from "../../graph/condition.ts";
import type { GraphBody, PortText, Wire } from "../../graph/graph.ts";
import type { BodySettings, Draft, Maker } from "./draft.ts";

/** Adds one step to a draft, or nothing when no wire fits. */
export type Move = (draft: Draft, maker: Maker, settings: BodySettings) => void;

const toNumber: Move = (draft, { random }, { insideMap }) => {
  const from = draft.find("number");
  if (from === undefined) return;
  const verb = random.pick(["add", "multiply", "accumulate", "refuse"]);
  const options = verb === "accumulate" ? {} : { by: random.integer(2, 9) };
  const soft =
    verb !== "refuse" || (insideMap && random.chance(0.3)) ? {} : { soft: true, orElse: random.integer(0, 99) };
  draft.transform(verb, from, "number", options, soft);
};

const toStream: Move = (draft, { random }) => {
  const from = draft.find("number");
  if (from === undefined) return;
  if (random.chance(0.5)) draft.transform("split", from, "many(number)", { atMost: random.integer(2, 8) });
  else
    draft.transform("sample", from, "many(reading)", { count: random.integer(0, 10), lateEvery: random.integer(2, 6) });
};

const combine: Move = (draft) => {
  const left = draft.find("number");
  const right = draft.find("number");
  if (left !== undefined && right !== undefined) draft.transform("combine", { left, right }, "number");
};

const thin: Move = (draft) => {
  const from = draft.find("many(number)");
  if (from !== undefined) draft.transform("every-other", from, "many(number)");
};

const collect: Move = (draft, { random }) => {
  const values = draft.find("many(number)");
  if (values === undefined) return;
  const weight = random.chance(0.5) ? draft.find("number") : undefined;
  if (weight === undefined) draft.transform("fold", values, "number");
  else draft.transform("weigh", { values, weight }, "number");
};

const map: Move = (draft, maker, settings) => {
  const { random } = maker;
  const item = random.pick<PortText>(["number", "reading"]);
  const over = draft.find(`many(${item})`);
  if (over === undefined) return;
  const extra = random.chance(0.3) ? draft.find("number") : undefined;
  const body = maker.makeBody(
    { item, ...(extra !== undefined && { extra: "number" }) },
    { ...inner(settings), insideMap: true },
  );
  const order = maker.completionOrder && random.chance(0.3) ? { order: "completion" as const } : {};
  // Bodies with state run one item at a time, which is the default; others draw their own bound.
  const concurrency =
    JSON.stringify(body).includes("numbers.accumulate") || random.chance(0.3)
      ? {}
      : { concurrency: random.integer(1, 5) };
  draft.add(
    {
      kind: "map",
      id: maker.newId(),
      over,
      body,
      soft: true,
      ...order,
      ...concurrency,
      ...(extra !== undefined && { from: { extra } }),
    },
    "many(number)",
  );
};

const choose: Move = (draft, maker, settings) => {
  const { random } = maker;
  const on = draft.find("number");
  const value = draft.find("number");
  if (on === undefined || value === undefined) return;
  const inputs = { value: "number" };
  const cases = Array.from({ length: random.integer(1, 2) }, () => ({
    when: condition(maker),
    body: maker.makeBody(inputs, inner(settings)),
  }));
  draft.add(
    {
      kind: "switch",
      id: maker.newId(),
      on,
      from: { value },
      cases,
      otherwise: maker.makeBody(inputs, inner(settings)),
    },
    "number",
  );
};

const loop: Move = (draft, maker, settings) => {
  const from = draft.find("number");
  if (from === undefined) return;
  const body = maker.makeBody({ value: "number" }, inner(settings));
  draft.add(
    { kind: "loop", id: maker.newId(), from, body, until: condition(maker), maxIterations: maker.random.integer(1, 4) },
    "number",
  );
};

const window: Move = (draft, maker) => {
  const { random } = maker;
  const over = draft.find("many(reading)");
  if (over === undefined) return;
  const seconds = random.integer(1, 5);
  const size = random.chance(0.3)
    ? { items: random.integer(1, 4) }
    : { seconds, ...(random.chance(0.4) && { everySeconds: random.integer(1, seconds) }) };
  const late = "seconds" in size && random.chance(0.5) ? { lateSeconds: random.integer(0, 4) } : {};
  const id = draft.add(
    { kind: "window", id: maker.newId(), over, size, ...late, ...key(maker) },
    "many(window(reading))",
  );
  mapAll(draft, maker, id, "window(reading)");
};

const join: Move = (draft, maker) => {
  const left = draft.find("many(reading)");
  const right = draft.find("many(reading)", maker.streamFanOut ? undefined : left);
  if (left === undefined || right === undefined) return;
  const id = draft.add(
    {
      kind: "join",
      id: maker.newId(),
      left,
      right,
      withinSeconds: maker.random.integer(0, 3),
      lateSeconds: maker.random.integer(0, 4),
      ...key(maker),
    },
    "many(joined(reading,reading))",
  );
  mapAll(draft, maker, id, "joined(reading,reading)");
};

const pipeline: Move = (draft, maker, settings) => {
  const port = maker.random.pick<PortText>(["number", "many(number)", "many(reading)"]);
  const value = draft.find(port);
  if (value === undefined) return;
  const other = draft.find("number");
  const inputs = { value: port, ...(other !== undefined && { other: "number" }) };
  draft.add(
    {
      kind: "pipeline",
      id: maker.newId(),
      from: { value, ...(other !== undefined && { other }) },
      body: maker.makeBody(inputs, inner(settings)),
    },
    "number",
  );
};

/** Moves of the innermost bodies. */
export const flatMoves: readonly Move[] = [toNumber, toNumber, toStream, combine, thin, collect, window, join];
/** Moves of bodies that may hold further ones. */
export const allMoves: readonly Move[] = [...flatMoves, map, map, choose, loop, pipeline];

/** Adds steps until one wire, a number, is left that nothing reads, and returns it. */
export function tieLooseEnds(draft: Draft, maker: Maker): Wire {
  for (;;) {
    const loose = draft.unread();
    const stray = loose.find(({ port }) => port !== "number");
    const [left, right] = loose;
    if (stray !== undefined) tieOne(draft, maker, stray.wire, stray.port);
    else if (left !== undefined && right !== undefined)
      draft.transform("combine", { left: left.wire, right: right.wire }, "number");
    else return left?.wire ?? ""; // the newest wire is never read
  }
}

function tieOne(draft: Draft, maker: Maker, wire: Wire, port: PortText): void {
  if (port === "reading" || port === "window(reading)" || port === "joined(reading,reading)")
    draft.transform(verbFor(port), wire, "number");
  else if (port === "many(number)") draft.transform("fold", wire, "number");
  else mapAll(draft, maker, wire, port.slice("many(".length, -1));
}

function mapAll(draft: Draft, maker: Maker, over: Wire, item: PortText): void {
  const id = maker.newId();
  const body: GraphBody = {
    inputs: { item },
    steps: [{ kind: "transform", id, use: `numbers.${verbFor(item)}`, from: "item", with: {} }],
    output: id,
  };
  draft.add({ kind: "map", id: maker.newId(), over, body }, "many(number)");
}

function verbFor(item: PortText): string {
  return item === "reading" ? "value-of" : item === "window(reading)" ? "total-of-window" : "total-of-pair";
}

function inner(settings: BodySettings): BodySettings {
  return { ...settings, depth: settings.depth - 1, size: Math.ceil(settings.size / 2) };
}

function key({ random }: Maker): { readonly key?: string } {
  return random.chance(0.4) ? { key: "source" } : {};
}

function condition({ random }: Maker): Condition {
  const simple = (): Condition => {
    const value = random.integer(0, 1000);
    return random.pick<Condition>([
      { field: "value", op: "<", value },
      { field: "descriptor.value", op: ">=", value },
      { field: "descriptor.even", op: "==", value: true },
      { field: "value", op: "in", value: [value, value + 1, value + 2] },
      { field: "value.total", exists: false },
    ]);
  };
  if (random.chance(0.6)) return simple();
  return random.pick<Condition>([{ all: [simple(), simple()] }, { any: [simple(), simple()] }, { not: simple() }]);
}
