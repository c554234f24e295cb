import type { PublishedPackage } from "../../scripts/gates/packages.ts";

/** What adapters ask of the kernel: any version before the next major, bumped by hand only. */
const KERNEL_RANGE = ">=0.1.0 <1";

/** Everything about a package.json that would surprise whoever installs the package. */
export function manifestObjections({ folder, manifest }: PublishedPackage): string[] {
  const objections: string[] = [];
  const require = (holds: boolean, objection: string) => {
    if (!holds) objections.push(objection);
  };
  require(manifest.name.startsWith("@stargate/") ||
    manifest.name === "create-stargate-adapter", "name is not in @stargate/");
  require(manifest.license === "Apache-2.0", "license is not Apache-2.0");
  require(manifest.type === "module", "type is not module");
  require(manifest.engines?.["node"] === ">=22.18", "engines.node is not >=22.18");
  require(manifest.publishConfig?.access === "public", "publishConfig.access is not public");
  require(manifest.repository?.directory === folder, `repository.directory is not ${folder}`);
  require(manifest.files?.includes("dist") ?? false, "files does not ship dist");
  objections.push(...exportObjections(manifest.exports));
  objections.push(...kernelObjections({ folder, manifest }));
  return objections;
}

function exportObjections(entries: PublishedPackage["manifest"]["exports"]): string[] {
  if (entries === undefined) return ["exports is missing, so every file is public"];
  return Object.entries(entries).flatMap(([entry, target]) => {
    if (entry.includes("*")) return [`exports "${entry}" opens a whole folder`];
    if (typeof target === "string") return target.endsWith(".json") ? [] : [`exports "${entry}" has no types`];
    const [first, second, ...rest] = Object.keys(target);
    const isOrdered = first === "@stargate/source" && second === "types" && rest.join() === "default";
    return isOrdered ? [] : [`exports "${entry}" is not in the order @stargate/source, types, default`];
  });
}

/** One copy of the kernel serves all adapters, so it is a peer; the workspace link makes it testable. */
function kernelObjections({ folder, manifest }: PublishedPackage): string[] {
  if (!folder.startsWith("packages/adapters/")) return [];
  const objections: string[] = [];
  if (manifest.peerDependencies?.["@stargate/kernel"] !== KERNEL_RANGE)
    objections.push(`peer @stargate/kernel is not "${KERNEL_RANGE}"`);
  if (manifest.devDependencies?.["@stargate/kernel"] !== "*")
    objections.push('devDependency @stargate/kernel is not "*"');
  if (manifest.dependencies?.["@stargate/kernel"] !== undefined)
    objections.push("@stargate/kernel is a dependency, so each adapter would bring its own");
  return objections;
}
