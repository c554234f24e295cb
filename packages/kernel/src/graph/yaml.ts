import { stringify } from "yaml";
import { fail, type KernelErrorCode } from "../errors/catalog.ts";
import { isStargateError } from "../errors/stargate-error.ts";
import type { Registry } from "../registry/registry.ts";
import { compileGraph } from "./compile.ts";
import type { CompiledGraph } from "./compiled-graph.ts";
import { graphSchema, type Graph } from "./graph.ts";
import { refuseExcess } from "./refuse-excess.ts";
import { fromGraph } from "./yaml/from-graph.ts";
import { locateStep } from "./yaml/locate-step.ts";
import { createProblemList } from "./yaml/problem-list.ts";
import { readYaml, type YamlText } from "./yaml/read-yaml.ts";
import { toGraph } from "./yaml/to-graph.ts";

// The entry @stargate/kernel/yaml: the only part of the kernel that needs the yaml package.

const defaultSource = "pipeline";

/**
 * Reads a pipeline in its human spelling (YAML or JSON), or a graph as JSON (with `stargate: 1`). `source` names the
 * file in messages. Names are not looked up yet: that is `compileGraph`, or `compilePipelineYaml` for both.
 * Throws SG_GRAPH_INVALID with line, column and fix; `details.problems` has every problem found.
 * @example
 * const graph = parsePipelineYaml("name: read\ninput: document\nsteps:\n  - { id: text, use: ocr.read }\n");
 */
export function parsePipelineYaml(text: string, source = defaultSource): Graph {
  return parse(readYaml(text, source));
}

/**
 * Reads and compiles. Errors of the compiler (SG_GRAPH_MISMATCH, SG_OPTIONS_INVALID, SG_REGISTRY_UNKNOWN, too) get
 * source, line and column of the step at fault in front.
 */
export function compilePipelineYaml(text: string, registry: Registry, source = defaultSource): CompiledGraph {
  const yaml = readYaml(text, source);
  const graph = parse(yaml);
  try {
    return compileGraph(graph, registry);
  } catch (error) {
    if (!isStargateError(error)) throw error;
    const step = error.details["step"];
    const path = typeof step === "string" ? locateStep(yaml.value, step) : undefined;
    const { line, column } = yaml.locate(path ?? []);
    // Every error of the compiler is one of the kernel's catalogue.
    throw fail(error.code as KernelErrorCode, `${source}:${line}:${column}: ${error.message}`, {
      hint: error.hint,
      cause: error,
      details: { ...error.details, line, column },
    });
  }
}

/** Writes a graph in its human spelling. Parsed and compiled again it has the same plan hash. */
export function formatPipelineYaml(graph: Graph): string {
  return stringify(fromGraph(graph), { lineWidth: 120, keepUndefined: false, aliasDuplicateObjects: false });
}

function parse(yaml: YamlText): Graph {
  refuseExcess(yaml.value);
  const list = createProblemList();
  const isGraph = typeof yaml.value === "object" && yaml.value !== null && Object.hasOwn(yaml.value, "stargate");
  const graph = isGraph ? list.parse(graphSchema, yaml.value, []) : toGraph(yaml.value, list);
  if (graph === undefined || list.problems.length > 0) yaml.refuse(list.problems);
  return graph;
}
