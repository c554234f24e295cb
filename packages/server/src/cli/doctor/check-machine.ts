import { constants } from "node:fs";
import { access, mkdir, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { totalmem, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { formatBytes } from "../../config/byte-size.ts";
import { fine, type Check, type Finding } from "./finding.ts";

/** Bytes a decoded pixel takes (RGBA). */
const bytesPerPixel = 4;

/** The Node this package says it needs: engines.node of its package.json. */
const oldestNode = [22, 18] as const;

export function checkNode(): readonly Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const old = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
  if (!old) return fine("node", `Node ${process.versions.node}`);
  return [
    {
      check: "node",
      status: "failed",
      message: `Node ${process.versions.node} is older than ${oldestNode.join(".")}`,
      hint: "Install a current Node.",
    },
  ];
}

/** The port is free: bound once, for a moment. */
export const checkPort: Check = async ({ config }) => {
  const { host, port } = config.server;
  const failure = await new Promise<NodeJS.ErrnoException | undefined>((settle) => {
    const probe = createServer();
    probe.once("error", settle);
    probe.listen(port, host, () => probe.close(() => settle(undefined)));
  });
  if (failure === undefined) return fine("port", `${host}:${port} is free`);
  const inUse = failure.code === "EADDRINUSE";
  return [
    {
      check: "port",
      status: "failed",
      message: inUse ? `${host}:${port} is in use` : `${host}:${port} cannot be bound: ${failure.message}`,
      hint: inUse ? "Stop what uses it, or set server.port (PORT, --port)." : "Correct server.host and server.port.",
    },
  ];
};

/** Temporary files: a place that can be written and holds what the limits allow. */
export const checkScratch: Check = async ({ config, directory }) => {
  const { scratch, limits } = config;
  const folder = scratch.directory === undefined ? join(tmpdir(), "stargate") : resolve(directory, scratch.directory);
  try {
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    return [
      {
        check: "scratch",
        status: "failed",
        message: `The temporary folder ${folder} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
        hint: "Set scratch.directory to a folder the gateway may write.",
      },
    ];
  }
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  const findings: Finding[] = [];
  if (freeBytes < limits.maxBodyBytes)
    findings.push({
      check: "scratch",
      status: "failed",
      message: `${folder} has ${formatBytes(freeBytes)} left, less than one body may have (limits.maxBodyBytes is ${formatBytes(limits.maxBodyBytes)})`,
      hint: "Free space, choose another scratch.directory, or lower limits.maxBodyBytes.",
    });
  if (scratch.maxRunBytes < limits.maxBodyBytes)
    findings.push({
      check: "scratch",
      status: "failed",
      message: `scratch.maxRunBytes (${formatBytes(scratch.maxRunBytes)}) is smaller than limits.maxBodyBytes (${formatBytes(limits.maxBodyBytes)}): large bodies will fail half-way`,
      hint: "Raise scratch.maxRunBytes or lower limits.maxBodyBytes.",
    });
  return findings.length > 0 ? findings : fine("scratch", `${folder}, ${formatBytes(freeBytes)} free`);
};

/** Limits this machine can keep. */
export const checkLimits: Check = ({ config }) => {
  const { maxPixels, memoryBodyBytes, maxConcurrentRequests } = config.limits;
  const memoryBytes = totalmem();
  const findings: Finding[] = [];
  if (maxPixels * bytesPerPixel > memoryBytes / 4)
    findings.push({
      check: "limits",
      status: "warning",
      message: `One image of limits.maxPixels (${maxPixels}) takes ${formatBytes(maxPixels * bytesPerPixel)} decoded; the machine has ${formatBytes(memoryBytes)}`,
      hint: "Lower limits.maxPixels.",
    });
  if (memoryBodyBytes * maxConcurrentRequests > memoryBytes / 2)
    findings.push({
      check: "limits",
      status: "warning",
      message: `limits.maxConcurrentRequests (${maxConcurrentRequests}) bodies of limits.memoryBodyBytes (${formatBytes(memoryBodyBytes)}) may take more than half the memory`,
      hint: "Lower one of the two.",
    });
  return findings.length > 0 ? findings : fine("limits", "Fit this machine");
};
