import type { GraphBody } from "../../graph/graph.ts";
import { createDraft, type BodySettings, type Maker } from "./draft.ts";
import { allMoves, flatMoves, tieLooseEnds } from "./moves.ts";

/** A random body with these inputs whose output is one number. */
export function makeBody(maker: Maker, inputs: GraphBody["inputs"], settings: BodySettings): GraphBody {
  const draft = createDraft(maker, inputs);
  const moves = settings.depth > 0 ? allMoves : flatMoves;
  const count = maker.random.integer(1, settings.size);
  for (let index = 0; index < count; index++) maker.random.pick(moves)(draft, maker, settings);
  const output = tieLooseEnds(draft, maker);
  return { inputs, steps: draft.steps, output };
}
