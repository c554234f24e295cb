import {
  type AnyTransform,
  audio,
  didYouMean,
  type Gate,
  type Graph,
  isPort,
  type JsonObject,
  pcm,
  portText,
  resolvePort,
  transcript,
} from "@stargate/kernel";
import { fail } from "../errors/transcription-errors.ts";
import type { ConfiguredPipeline } from "../gateway/configured-pipeline.ts";
import { modelNamesOf } from "../model-names/transform-names.ts";
import { optionsOf, type TranscribeOption } from "./transcribe-options.ts";

/** A name that clients can ask transcripts of, and the way behind it. */
export interface TranscriptionModel {
  readonly name: string;
  /** Id of the adapter it comes from; "pipeline" for one of the configuration. */
  readonly owner: string;
  /** What it can be asked for. */
  readonly takes: ReadonlySet<TranscribeOption>;
  /** Name of its only input. */
  readonly input: string;
  /** Its pipeline from `audio` to `transcript`, with options of its transform. */
  graph(options: JsonObject): Graph;
  /** The same from `many(pcm)`, for sound that is still coming in; undefined where that cannot be. */
  readonly liveGraph: ((options: JsonObject) => Graph) | undefined;
}

/** The transcription models of a gate. */
export interface TranscriptionModels {
  readonly all: readonly TranscriptionModel[];
  /** The model of a name; without one the operator's, else the first. Throws SG_TRANSCRIPTION_MODEL_UNKNOWN. */
  find(name: string | undefined): TranscriptionModel;
  /** The model of a name, aliases included; undefined when there is none. */
  get(name: string): TranscriptionModel | undefined;
}

export interface TranscriptionModelsOptions {
  /** Used where a request names none. */
  readonly model?: string | undefined;
  /** Further names: { "whisper-1": "whisper-small" }. */
  readonly aliases?: Readonly<Record<string, string>> | undefined;
}

const AUDIO = audio.id;
const TRANSCRIPT = transcript.id;
const SOUND = portText({ modality: pcm, many: true });

/**
 * Finds the transcription models of a gate. Every transform from `audio` or `many(pcm)` to `transcript` is one, whichever
 * adapter brings it, where there is a transform that leads to its input; and every configured pipeline from `audio` to
 * `transcript`. Throws SG_TRANSCRIPTION_MODEL_UNKNOWN for names of the configuration that are none.
 */
export function createTranscriptionModels(
  gate: Gate,
  pipelines: ReadonlyMap<string, ConfiguredPipeline>,
  { model, aliases = {} }: TranscriptionModelsOptions = {},
): TranscriptionModels {
  const found = [
    ...gate.registry.transforms.flatMap((transform) => modelsOf(gate, transform)),
    ...[...pipelines.values()].flatMap((pipeline) => modelOfPipeline(pipeline) ?? []),
  ];
  // Of two with one name the first counts: transforms come in the order of the adapters.
  const byName = new Map(found.toReversed().map((one) => [one.name, one]));
  const all = [...new Set(found.map(({ name }) => name))].flatMap((name) => byName.get(name) ?? []);
  const named = (name: string): TranscriptionModel => {
    const one = byName.get(aliases[name] ?? name);
    if (one === undefined) throw unknownModel(aliases[name] ?? name, [...byName.keys(), ...Object.keys(aliases)]);
    return one;
  };
  for (const name of [...Object.keys(aliases), ...(model === undefined ? [] : [model])]) named(name);
  return {
    all,
    get: (name) => byName.get(aliases[name] ?? name),
    find(name) {
      const wanted = name ?? model;
      if (wanted !== undefined) return named(wanted);
      const [first] = all;
      if (first === undefined) throw unknownModel(undefined, []);
      return first;
    },
  };
}

function modelsOf({ registry }: Gate, transform: AnyTransform): readonly TranscriptionModel[] {
  const input = inputOf(transform);
  if (portText(resolvePort(transform.to)) !== TRANSCRIPT || (input !== AUDIO && input !== SOUND)) return [];
  const decoder = registry.transforms.find((other) => inputOf(other) === AUDIO && outputOf(other) === input);
  if (input !== AUDIO && decoder === undefined) return [];
  const before = input === AUDIO ? [] : [step("decode", decoder, "input")];
  return modelNamesOf(transform).map(({ name, options }) => ({
    name,
    owner: transform.id.split(".")[0] ?? "",
    takes: optionsOf(transform),
    input: "input",
    graph: (given) => ({
      stargate: 1,
      name: "transcription",
      inputs: { input: AUDIO },
      steps: [
        ...before,
        step("transcribe", transform, before.length === 0 ? "input" : "decode", { ...options, ...given }),
      ],
      output: "transcribe",
    }),
    liveGraph:
      input === AUDIO
        ? undefined
        : (given) => ({
            stargate: 1,
            name: "live-transcription",
            inputs: { input: SOUND },
            steps: [step("transcribe", transform, "input", { ...options, ...given })],
            output: "transcribe",
          }),
  }));
}

function modelOfPipeline({ name, compiled }: ConfiguredPipeline): TranscriptionModel | undefined {
  const [only, ...others] = compiled.inputs;
  if (only === undefined || others.length > 0) return undefined;
  const [input, port] = only;
  if (portText(port) !== AUDIO) return undefined;
  if (portText(compiled.outputPort) !== TRANSCRIPT) return undefined;
  return { name, owner: "pipeline", takes: new Set(), input, graph: () => compiled.graph, liveGraph: undefined };
}

function inputOf({ from }: AnyTransform): string | undefined {
  return isPort(from) ? portText(resolvePort(from)) : undefined;
}

function outputOf({ to, plannable }: AnyTransform): string | undefined {
  return plannable ? portText(resolvePort(to)) : undefined;
}

function step(
  id: string,
  transform: Pick<AnyTransform, "id" | "version"> | undefined,
  from: string,
  options: JsonObject = {},
): Graph["steps"][number] {
  return { kind: "transform", id, use: `${transform?.id ?? ""}@${transform?.version ?? ""}`, from, with: options };
}

function unknownModel(name: string | undefined, known: readonly string[]): Error {
  const [which, nearest] = name === undefined ? ["", ""] : [` "${name}"`, didYouMean(name, known)];
  return fail("SG_TRANSCRIPTION_MODEL_UNKNOWN", `There is no transcription model${which}${nearest}`, {
    hint:
      known.length === 0
        ? "Open an adapter that transcribes: audio."
        : `Use one of ${known.slice(0, 20).join(", ")}; the operator can give them further names (transcription.aliases).`,
    details: { param: "model" },
  });
}
