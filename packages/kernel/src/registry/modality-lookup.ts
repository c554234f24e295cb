import type { AnyModality } from "../contract/modality.ts";
import { fail } from "../errors/catalog.ts";
import { joinedOf, windowOf } from "../modalities/derived-modalities.ts";
import { didYouMean } from "../util/nearest-name.ts";

/** Derived ids inside one another: "window(joined(window(text),json))" has 3. */
const MAX_DEPTH = 8;
/** Ids come from requests, too: what is kept must not grow with them. */
const MAX_KEPT = 1024;

/**
 * Looks modalities up by id and makes the derived ones, "window(<id>)" and "joined(<id>,<id>)", on first use.
 * The lookup throws SG_REGISTRY_UNKNOWN with the nearest name.
 */
export function createModalityLookup(byId: ReadonlyMap<string, AnyModality>): (id: string) => AnyModality {
  const derived = new Map<string, AnyModality>();
  const lookUp = (id: string, depth: number): AnyModality => {
    const found = byId.get(id) ?? derived.get(id);
    if (found !== undefined) return found;
    const made = depth >= MAX_DEPTH ? undefined : derive(id, (inner) => lookUp(inner, depth + 1));
    if (made === undefined) {
      throw fail("SG_REGISTRY_UNKNOWN", `No open adapter defines the modality "${id}"${didYouMean(id, byId.keys())}`, {
        hint: `Use one of ${[...byId.keys()].sort().join(", ")}, or open the adapter that defines it.`,
      });
    }
    if (derived.size < MAX_KEPT) derived.set(id, made);
    return made;
  };
  return (id) => lookUp(id, 0);
}

function derive(id: string, lookUp: (id: string) => AnyModality): AnyModality | undefined {
  const [, kind, inside] = /^(window|joined)\((.+)\)$/.exec(id) ?? [];
  if (inside === undefined) return undefined;
  if (kind === "window") return windowOf(lookUp(inside));
  const comma = topLevelComma(inside);
  return comma === -1 ? undefined : joinedOf(lookUp(inside.slice(0, comma)), lookUp(inside.slice(comma + 1)));
}

/** Position of the comma between the two ids of a join, which may be derived themselves; -1 when there is none. */
function topLevelComma(text: string): number {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === "(") depth += 1;
    else if (text[index] === ")") depth -= 1;
    else if (text[index] === "," && depth === 0) return index;
  }
  return -1;
}
