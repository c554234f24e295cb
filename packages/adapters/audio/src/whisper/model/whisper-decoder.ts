import { fail, type ModelPart, type Tensor, type TensorMap } from "@stargate/kernel/backend";
import { ATTENTION, decoderParts, type DecoderParts } from "./decoder-parts.ts";
import type { DecoderState } from "./decoder-state.ts";
import { floatsOf, floatTensor } from "./float-values.ts";

/** Logits of a run of the decoder: [rows, tokens, vocabulary]. */
export interface Logits {
  readonly values: Float32Array;
  /** Tokens per row. */
  readonly tokens: number;
  readonly vocabulary: number;
}

/** One position of one row, without a copy. */
export function logitsAt({ values, tokens, vocabulary }: Logits, row: number, token: number): Float32Array {
  const start = (row * tokens + token) * vocabulary;
  return values.subarray(start, start + vocabulary);
}

/** Attention of tokens to sound, by layer: [heads, tokens, positions], each row of positions adding up to 1. */
export interface CrossAttention {
  readonly values: Float32Array;
  readonly heads: number;
  readonly tokens: number;
  readonly positions: number;
}

/** The half of Whisper that speaks, in ONNX, of any of the public layouts and precisions. */
export interface WhisperDecoder {
  /** Type in which it takes what the encoder heard. */
  readonly hiddenDtype: string;
  /** Layers whose attention it gives; empty when it was exported without. */
  readonly attentionLayers: ReadonlySet<number>;
  /** The first tokens of each row, equally many; one row per window of what was heard. */
  begin(
    hidden: Tensor,
    tokens: readonly (readonly number[])[],
    signal: AbortSignal,
  ): Promise<{ readonly logits: Logits; readonly state: DecoderState }>;
  /** One more token for each row. */
  advance(
    state: DecoderState,
    tokens: readonly number[],
    signal: AbortSignal,
  ): Promise<{ readonly logits: Logits; readonly state: DecoderState }>;
  /** All tokens of one window at once, with the attention of these layers. */
  attend(
    hidden: Tensor,
    tokens: readonly number[],
    layers: readonly number[],
    signal: AbortSignal,
  ): Promise<{ readonly logits: Logits; readonly attention: ReadonlyMap<number, CrossAttention> }>;
}

/** Throws SG_COMPUTE_MODEL for parts that are no decoder of Whisper. */
export function openWhisperDecoder(parts: Readonly<Record<string, ModelPart>>): WhisperDecoder {
  const decoder = decoderParts(parts);
  return {
    hiddenDtype: decoder.first.signature.inputs.find(({ name }) => name === HEARD)?.dtype ?? "float32",
    attentionLayers: new Set(decoder.attentions.map((name) => Number(name.slice(ATTENTION.length)))),
    async begin(hidden, tokens, signal) {
      const outputs = await runFirst(decoder, hidden, tokens, cacheOutputs(decoder.first, ""), signal);
      const state = {
        rows: tokens.length,
        length: tokens[0]?.length ?? 0,
        hidden,
        own: cachesOf(outputs, ".decoder."),
        cross: cachesOf(outputs, ".encoder."),
      };
      return { logits: logitsOf(outputs), state };
    },
    async advance(state, tokens, signal) {
      const { later } = decoder;
      const given: TensorMap = {
        ...state.own,
        ...state.cross,
        input_ids: idTensor(tokens.map((token) => [token])),
        [HEARD]: state.hidden,
        use_cache_branch: flag(true),
      };
      const outputs = await later.run(accepted(later, given), { signal, outputs: cacheOutputs(later, ".decoder.") });
      const own = cachesOf(outputs, ".decoder.");
      return { logits: logitsOf(outputs), state: { ...state, length: state.length + 1, own } };
    },
    async attend(hidden, tokens, layers, signal) {
      const names = layers.map((layer) => `${ATTENTION}${layer}`);
      const outputs = await runFirst(decoder, hidden, [tokens], [LOGITS, ...names], signal);
      const attention = new Map(layers.map((layer, index) => [layer, attentionOf(outputs, names[index] ?? "")]));
      return { logits: logitsOf(outputs), attention };
    },
  };
}

const HEARD = "encoder_hidden_states";
const LOGITS = "logits";

function runFirst(
  decoder: DecoderParts,
  hidden: Tensor,
  tokens: readonly (readonly number[])[],
  outputs: readonly string[],
  signal: AbortSignal,
): Promise<TensorMap> {
  const { first, isMerged, caches } = decoder;
  const empty = isMerged ? caches.map((spec) => [spec.name, emptyCache(spec, tokens.length)] as const) : [];
  const given = {
    ...Object.fromEntries(empty),
    input_ids: idTensor(tokens),
    [HEARD]: hidden,
    use_cache_branch: flag(false),
  };
  return first.run(accepted(first, given), { signal, outputs });
}

/** Those of the inputs that the graph has: exports differ in what they take. */
function accepted({ signature }: ModelPart, given: TensorMap): TensorMap {
  const names = new Set(signature.inputs.map(({ name }) => name));
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name)));
}

/**
 * Logits and caches of a kind. The branch of a merged graph that takes caches gives empty ones of the encoder back, so
 * they are not asked for: those of the first step hold.
 */
function cacheOutputs({ signature }: ModelPart, kind: string): readonly string[] {
  const names = signature.outputs.map(({ name }) => name);
  return [LOGITS, ...names.filter((name) => name.startsWith("present.") && name.includes(kind))];
}

/** Caches under the names of inputs. */
function cachesOf(outputs: TensorMap, kind: string): TensorMap {
  const caches = Object.entries(outputs).filter(([name]) => name.startsWith("present.") && name.includes(kind));
  return Object.fromEntries(caches.map(([name, tensor]) => [name.replace("present.", "past_key_values."), tensor]));
}

/** What the first branch of a merged graph is given and does not look at. */
function emptyCache({ name, dtype, shape }: DecoderParts["caches"][number], rows: number): Tensor {
  const [, heads, , width] = shape;
  if (typeof heads !== "number" || typeof width !== "number")
    throw fail("SG_COMPUTE_MODEL", `The decoder does not say how large its input "${name}" is`);
  return floatTensor(new Float32Array(0), [rows, heads, 0, width], dtype);
}

function idTensor(rows: readonly (readonly number[])[]): Tensor {
  const data = BigInt64Array.from(rows.flat(), BigInt);
  return { dtype: "int64", shape: [rows.length, data.length / rows.length], data };
}

function flag(value: boolean): Tensor {
  return { dtype: "bool", shape: [1], data: Uint8Array.of(value ? 1 : 0) };
}

function logitsOf(outputs: TensorMap): Logits {
  const tensor = output(outputs[LOGITS], LOGITS);
  const [, tokens = 0, vocabulary = 0] = tensor.shape;
  return { values: floatsOf(tensor), tokens, vocabulary };
}

function attentionOf(outputs: TensorMap, name: string): CrossAttention {
  const tensor = output(outputs[name], name);
  const [, heads = 0, tokens = 0, positions = 0] = tensor.shape;
  return { values: floatsOf(tensor), heads, tokens, positions };
}

function output(tensor: Tensor | undefined, name: string): Tensor {
  if (tensor === undefined) throw fail("SG_COMPUTE_MODEL", `A Whisper model that gives no "${name}"`);
  return tensor;
}
