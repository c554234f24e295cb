import { readdir, readFile, stat } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { isStargateError, type CompiledGraph, type Gate, type Graph, type Pipeline } from "@stargate/kernel";
import { fail } from "../errors/server-errors.ts";
import type { ConfiguredPipeline } from "./configured-pipeline.ts";

/** One pipeline the configuration names: usable, or not and why. */
export type PipelineFinding =
  | { readonly file: string | null; readonly pipeline: ConfiguredPipeline }
  | { readonly file: string | null; readonly error: unknown };

const extensions: ReadonlySet<string> = new Set([".yaml", ".yml", ".json"]);

/** Reads and compiles all pipelines. Throws SG_CONFIG_PIPELINE for the first that is unusable. */
export async function loadPipelines(
  gate: Gate,
  entries: readonly (string | object)[],
  directory: string,
): Promise<ReadonlyMap<string, ConfiguredPipeline>> {
  const pipelines = new Map<string, ConfiguredPipeline>();
  for (const finding of await lintPipelines(gate, entries, directory)) {
    if ("error" in finding) throw unusable(finding.file, finding.error);
    pipelines.set(finding.pipeline.name, finding.pipeline);
  }
  return pipelines;
}

/** Reads and compiles all pipelines and reports on each. */
export async function lintPipelines(
  gate: Gate,
  entries: readonly (string | object)[],
  directory: string,
): Promise<readonly PipelineFinding[]> {
  const findings: PipelineFinding[] = [];
  const files = new Map<string, string | null>();
  for (const source of await sourcesOf(entries, directory)) {
    const finding = await lintOne(gate, source);
    findings.push("error" in finding ? finding : refuseTwin(finding, files));
  }
  return findings;
}

type PipelineSource = { readonly file: string } | { readonly value: object };

/** A folder stands for the pipeline files in it, in the order of their names. */
async function sourcesOf(entries: readonly (string | object)[], directory: string): Promise<readonly PipelineSource[]> {
  const sources: PipelineSource[] = [];
  for (const entry of entries) {
    if (typeof entry !== "string") {
      sources.push({ value: entry });
      continue;
    }
    const path = resolve(directory, entry);
    const isFolder = await stat(path).then(
      (stats) => stats.isDirectory(),
      () => false, // reading it as a file says what is wrong
    );
    const files = isFolder ? (await readdir(path)).filter((name) => extensions.has(extname(name))).sort() : [""];
    sources.push(...files.map((name) => ({ file: join(path, name) })));
  }
  return sources;
}

async function lintOne(gate: Gate, source: PipelineSource): Promise<PipelineFinding> {
  const file = "file" in source ? source.file : null;
  try {
    const compiled =
      "file" in source ? await compileFile(gate, source.file) : gate.compile(await graphOf(source.value));
    return { file, pipeline: { name: compiled.graph.name, description: compiled.graph.description, file, compiled } };
  } catch (error) {
    return { file, error };
  }
}

/** Messages begin with file, line and column. The parser is loaded for those who have pipelines. */
async function compileFile(gate: Gate, file: string): Promise<CompiledGraph> {
  const text = await readText(file);
  const { compilePipelineYaml } = await import("@stargate/kernel/yaml");
  return compilePipelineYaml(text, gate.registry, file);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw fail("SG_CONFIG_PIPELINE", `The pipeline file ${file} cannot be read`, {
      cause,
      hint: "Correct the path in `pipelines`; it starts from the folder of the configuration.",
    });
  }
}

/** A pipeline in a configuration file: made by the builder, or spelled like a YAML file. */
async function graphOf(value: object): Promise<Graph | Pipeline> {
  if ("graph" in value) return value as Pipeline; // only the builder's pipelines have a graph; compiling checks it
  const { parsePipelineYaml } = await import("@stargate/kernel/yaml");
  return parsePipelineYaml(JSON.stringify(value), "configuration");
}

function refuseTwin(
  finding: Extract<PipelineFinding, { pipeline: ConfiguredPipeline }>,
  files: Map<string, string | null>,
): PipelineFinding {
  const { name } = finding.pipeline;
  const twin = files.get(name);
  if (twin === undefined) {
    files.set(name, finding.file);
    return finding;
  }
  return {
    file: finding.file,
    error: fail(
      "SG_CONFIG_PIPELINE",
      `Two pipelines are named "${name}": in ${place(twin)} and in ${place(finding.file)}`,
      { hint: "Rename one of them." },
    ),
  };
}

function place(file: string | null): string {
  return file === null ? "the configuration" : basename(file);
}

function unusable(file: string | null, cause: unknown): Error {
  if (isStargateError(cause) && cause.code === "SG_CONFIG_PIPELINE") return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  const place = file !== null && why.startsWith(file) ? "" : `${file ?? "A pipeline in the configuration"}: `;
  return fail("SG_CONFIG_PIPELINE", `${place}${why}`, {
    cause,
    hint: isStargateError(cause) ? cause.hint : undefined,
  });
}
