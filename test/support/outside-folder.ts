import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(import.meta.dirname, "../..");

// Outside the folder's own words: where the packages of this checkout are found, and that they are read from source.
const conditions = `{ conditions: ["@stargate/source", "module", "node", "development|production"] }`;
const vitestConfig = `export default { resolve: ${conditions}, ssr: { resolve: ${conditions} } };`;

/** A folder of somebody else, outside the repository, in which this checkout's packages are installed. */
export interface OutsideFolder extends AsyncDisposable {
  readonly path: string;
  /** Runs a file of the folder with Node. */
  node(...nodeArguments: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }>;
  /** Runs the folder's own tests. Rejects, with what was printed, when one fails. */
  vitest(): Promise<{ readonly stdout: string; readonly stderr: string }>;
}

export async function openOutsideFolder(): Promise<OutsideFolder> {
  const path = await mkdtemp(join(tmpdir(), "stargate-outside-"));
  await symlink(join(root, "node_modules"), join(path, "node_modules"));
  await writeFile(join(path, "vitest.config.mjs"), vitestConfig);
  const { FORCE_COLOR: _inherited, ...inherited } = process.env;
  const environment = { ...inherited, NODE_OPTIONS: "--conditions=@stargate/source", NO_COLOR: "1" };
  const node: OutsideFolder["node"] = (...nodeArguments) =>
    promisify(execFile)(process.execPath, nodeArguments, { cwd: path, env: environment });
  return {
    path,
    node,
    vitest: () => node("node_modules/vitest/vitest.mjs", "run", "--root", path),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
