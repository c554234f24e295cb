import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { formatPath, isStargateError, schemaProblems, type SchemaProblem } from "@stargate/kernel";
import { fail } from "../errors/server-errors.ts";
import { configSchema, type Config } from "./config-schema.ts";
import { readYaml, type Locate } from "./read-yaml.ts";

/** Names looked for in the working directory, when none is given. */
const configFileNames = ["stargate.config.ts", "stargate.config.js", "stargate.yaml", "stargate.yml"] as const;

/** Values that win over the file: from flags and the environment. */
export interface ConfigOverrides {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** Hosts that may be fetched from besides the configured ones. */
  readonly allowHosts?: readonly string[] | undefined;
  /** Private networks that may be reached besides the configured ones. */
  readonly allowNetworks?: readonly string[] | undefined;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Absolute path of the file, or null when there is none. */
  readonly file: string | null;
  /** Folder that relative paths of the configuration start from. */
  readonly directory: string;
}

export interface LoadConfigOptions {
  /** File given on the command line. */
  readonly file?: string | undefined;
  /** Default: the process's working directory. */
  readonly directory?: string | undefined;
  readonly overrides?: ConfigOverrides | undefined;
}

/**
 * Finds, reads and checks the configuration. Without a file everything has its default.
 * Throws SG_CONFIG_NOT_FOUND, SG_CONFIG_UNREADABLE, SG_CONFIG_INVALID (which names file, path and fix).
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  const workingDirectory = resolve(options.directory ?? process.cwd());
  const file = findConfigFile(workingDirectory, options.file);
  const { value, locate } = file === null ? { value: {}, locate: () => undefined } : await readConfigFile(file);
  const { allowHosts = [], allowNetworks = [], ...server } = options.overrides ?? {};
  const read = checkConfig(withOverrides(value, server), file ?? "(defaults)", locate);
  const { hosts, networks } = read.allow;
  const allow = { ...read.allow, hosts: [...hosts, ...allowHosts], networks: [...networks, ...allowNetworks] };
  const config = { ...read, allow };
  return { config, file, directory: file === null ? workingDirectory : dirname(file) };
}

/** Checks a configuration value. Throws SG_CONFIG_INVALID. */
function checkConfig(value: unknown, source: string, locate: Locate = () => undefined): Config {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = schemaProblems(parsed.error, configSchema, value);
  const lines = problems.map((problem) => `${problemPlace(problem, locate)}${problem.message}`);
  throw fail("SG_CONFIG_INVALID", `${source}: ${lines.join("; ")}`, {
    hint: `Correct ${problems.length === 1 ? "this field" : "these fields"} in ${source}; docs/config.md lists all of them.`,
    details: { file: source, problems: problems.map(({ path, message }) => ({ path: formatPath(path), message })) },
  });
}

function problemPlace({ path }: SchemaProblem, locate: Locate): string {
  const place = locate(path);
  return [path.length === 0 ? "" : `${formatPath(path)}: `, place === undefined ? "" : `(${place}) `].join("");
}

function findConfigFile(directory: string, given: string | undefined): string | null {
  if (given !== undefined) {
    const file = isAbsolute(given) ? given : resolve(directory, given);
    if (!existsSync(file)) throw fail("SG_CONFIG_NOT_FOUND", `There is no configuration file ${file}`);
    return file;
  }
  const [found, second] = configFileNames.map((name) => resolve(directory, name)).filter((file) => existsSync(file));
  if (found !== undefined && second !== undefined) {
    throw fail("SG_CONFIG_UNREADABLE", `Two configuration files lie side by side: ${found} and ${second}`, {
      hint: "Remove one, or name the one you mean with --config.",
    });
  }
  return found ?? null;
}

async function readConfigFile(file: string): Promise<{ readonly value: unknown; readonly locate: Locate }> {
  if (/\.ya?ml$/.test(file)) return readYaml(await readFile(file, "utf8"), file);
  try {
    const loaded: { readonly default?: unknown } = await import(pathToFileURL(file).href);
    if (loaded.default === undefined)
      throw fail("SG_CONFIG_UNREADABLE", `${file} has no default export`, {
        hint: "Write `export default defineConfig({ ... })`.",
      });
    return { value: loaded.default, locate: () => undefined };
  } catch (cause) {
    if (isStargateError(cause)) throw cause;
    throw fail(
      "SG_CONFIG_UNREADABLE",
      `${file} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

/** Flags win over the environment, which wins over the file; a malformed file is left for the check to name. */
function withOverrides(value: unknown, overrides: Pick<ConfigOverrides, "host" | "port">): unknown {
  const set = Object.fromEntries(Object.entries(overrides).filter(([, field]) => field !== undefined));
  if (Object.keys(set).length === 0) return value;
  if (value === null || value === undefined) return { server: set };
  if (typeof value !== "object") return value;
  const server: unknown = "server" in value ? value.server : {};
  return { ...value, server: typeof server === "object" ? { ...server, ...set } : server };
}
