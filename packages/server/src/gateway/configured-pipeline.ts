import { didYouMean, encodingsOf, portText, type CompiledGraph, type Gate } from "@stargate/kernel";
import { fail } from "../errors/server-errors.ts";

/** A pipeline of the configuration, checked and ready to run. */
export interface ConfiguredPipeline {
  readonly name: string;
  readonly description: string | undefined;
  /** File it was read from, or null when it stands in the configuration itself. */
  readonly file: string | null;
  readonly compiled: CompiledGraph;
}

/** How one end of a pipeline travels over HTTP. */
export interface PortSummary {
  readonly name: string;
  readonly modality: string;
  readonly many: boolean;
  /** Media types that can be posted (inputs) or asked for (output), best first. */
  readonly mediaTypes: readonly string[];
}

/** The pipeline of a name. Throws SG_PIPELINE_UNKNOWN. */
export function pipelineNamed(pipelines: ReadonlyMap<string, ConfiguredPipeline>, name: string): ConfiguredPipeline {
  const pipeline = pipelines.get(name);
  if (pipeline === undefined)
    throw fail("SG_PIPELINE_UNKNOWN", `There is no pipeline "${name}"${didYouMean(name, pipelines.keys())}`);
  return pipeline;
}

/** Inputs of a pipeline, by name. */
export function pipelineInputs(gate: Gate, { compiled }: ConfiguredPipeline): readonly PortSummary[] {
  return [...compiled.inputs].map(([name, { modality, many }]) => ({
    name,
    modality: modality.id,
    many,
    mediaTypes: mediaTypes(gate, modality.id, "decode"),
  }));
}

/** Output of a pipeline. A stream is written as an array or as lines. */
export function pipelineOutput(gate: Gate, { compiled }: ConfiguredPipeline): PortSummary {
  const { modality, many } = compiled.outputPort;
  return {
    name: "output",
    modality: modality.id,
    many,
    mediaTypes: encodingsOf(gate.registry, portText(compiled.outputPort)),
  };
}

/** Media types a modality is read from or written as, best first. */
export function mediaTypes(gate: Gate, modalityId: string, direction: "decode" | "encode"): readonly string[] {
  const codecs = gate.registry.codecs(gate.registry.modality(modalityId));
  return [...codecs].flatMap(([mediaType, codec]) => (codec[direction] === undefined ? [] : [mediaType]));
}
