import {
  type AnyTransform,
  type CompiledGraph,
  didYouMean,
  embedding,
  type Gate,
  isPort,
  type JsonObject,
  resolvePort,
} from "@stargate/kernel";
import { fail } from "../errors/embedding-errors.ts";
import { modelNamesOf } from "../model-names/transform-names.ts";

/** A name that clients can ask embeddings of, and the transforms behind it. */
export interface EmbeddingModel {
  readonly name: string;
  /** Id of the adapter it comes from. */
  readonly adapter: string;
  /** Pipelines by the modality they embed: "text", "image". */
  readonly pipelines: ReadonlyMap<string, CompiledGraph>;
}

/** The embedding models of a gate. */
export interface EmbeddingModels {
  readonly all: readonly EmbeddingModel[];
  /**
   * The model of a name; without one the operator's, else the first that embeds every kind asked for.
   * Throws SG_EMBEDDING_MODEL_UNKNOWN.
   */
  find(name: string | undefined, kinds: readonly string[]): EmbeddingModel;
}

export interface EmbeddingModelsOptions {
  /** Used where a request names none. */
  readonly model?: string | undefined;
  /** Further names: { "text-embedding-3-small": "all-MiniLM-L6-v2" }. */
  readonly aliases?: Readonly<Record<string, string>> | undefined;
}

/**
 * Finds the embedding models of a gate. Every transform from one modality to `embedding` is one, whichever adapter brings
 * it; those of the same name are one model for several modalities. Its names are those of `modelNamesOf`: its best rung is by
 * convention called after the space its vectors lie in. Throws SG_EMBEDDING_MODEL_UNKNOWN for names of the configuration that are none.
 */
export function createEmbeddingModels(
  gate: Gate,
  { model, aliases = {} }: EmbeddingModelsOptions = {},
): EmbeddingModels {
  const byName = new Map<string, EmbeddingModel & { readonly pipelines: Map<string, CompiledGraph> }>();
  for (const transform of gate.registry.transforms) {
    const kind = embedsWhat(transform);
    if (kind === undefined) continue;
    for (const { name, options } of modelNamesOf(transform)) {
      let entry = byName.get(name);
      if (entry === undefined)
        byName.set(name, (entry = { name, adapter: transform.id.split(".")[0] ?? "", pipelines: new Map() }));
      if (!entry.pipelines.has(kind)) entry.pipelines.set(kind, compile(gate, transform, kind, options));
    }
  }
  const all = [...byName.values()];
  const named = (name: string): EmbeddingModel => {
    const found = byName.get(aliases[name] ?? name);
    if (found === undefined) throw unknownModel(aliases[name] ?? name, [...byName.keys(), ...Object.keys(aliases)]);
    return found;
  };
  for (const name of [...Object.keys(aliases), ...(model === undefined ? [] : [model])]) named(name);
  return {
    all,
    find(name, kinds) {
      if (name !== undefined) return named(name);
      if (model !== undefined) return named(model);
      const found = all.find(({ pipelines }) => kinds.every((kind) => pipelines.has(kind))) ?? all[0];
      if (found === undefined) throw unknownModel(undefined, []);
      return found;
    },
  };
}

/** Id of the one modality a transform makes embeddings of. */
function embedsWhat({ from, to }: AnyTransform): string | undefined {
  const output = resolvePort(to);
  if (output.many || output.modality.id !== embedding.id || !isPort(from)) return undefined;
  const input = resolvePort(from);
  return input.many ? undefined : input.modality.id;
}

function compile(gate: Gate, { id, version }: AnyTransform, kind: string, options: JsonObject): CompiledGraph {
  return gate.compile({
    stargate: 1,
    name: "embeddings",
    inputs: { input: kind },
    steps: [{ kind: "transform", id: kind, use: `${id}@${version}`, from: "input", with: options }],
    output: kind,
  });
}

function unknownModel(name: string | undefined, known: readonly string[]): Error {
  const [which, nearest] = name === undefined ? ["", ""] : [` "${name}"`, didYouMean(name, known)];
  return fail("SG_EMBEDDING_MODEL_UNKNOWN", `There is no embedding model${which}${nearest}`, {
    hint:
      known.length === 0
        ? "Open an adapter that embeds: text, vision, or openai with a model."
        : `Use one of ${known.slice(0, 20).join(", ")}.`,
    details: { param: "model" },
  });
}
