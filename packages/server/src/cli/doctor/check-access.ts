import { existsSync, statSync } from "node:fs";
import { isStargateError } from "@stargate/kernel";
import { isLoopback } from "../../auth/access.ts";
import { readKeys, readPepper, type KeyFiles, type KeyRecord } from "../../auth/key-store.ts";
import { keyFilesOf } from "../../gateway/key-files.ts";
import { fine, type Check, type Finding } from "./finding.ts";

/** Keys: there where they are needed, readable by the owner only, with their pepper, not expired. */
export const checkKeys: Check = ({ config, directory, environment }) => {
  const files = keyFilesOf(config, directory, environment);
  const { keys, unusable } = readBoth(files);
  const needed = !isLoopback(config.server.host) || config.auth.required === true;
  const findings: Finding[] = [...unusable];
  if (needed && keys.length === 0) {
    findings.push({
      check: "keys",
      status: "failed",
      message: `server.host is ${config.server.host} and there is no API key: the gateway will refuse to start`,
      hint: "Run stargate keys create --tenant <name>, or bind 127.0.0.1.",
    });
  }
  for (const file of [files.keysFile, files.pepperFile]) {
    if (existsSync(file) && (statSync(file).mode & 0o077) !== 0)
      findings.push({
        check: "keys",
        status: "failed",
        message: `${file} can be read by other users of this machine`,
        hint: `Run chmod 600 ${file}`,
      });
  }
  const nowMs = Date.now();
  for (const { id, tenant, expiresAt } of keys) {
    if (expiresAt !== undefined && Date.parse(expiresAt) <= nowMs)
      findings.push({
        check: "keys",
        status: "warning",
        message: `Key ${id} of ${tenant} expired on ${expiresAt}`,
        hint: `Run stargate keys revoke ${id}`,
      });
  }
  return findings.length > 0
    ? findings
    : fine("keys", keys.length === 0 ? "No keys, and none needed on loopback" : `${keys.length} keys`);
};

function readBoth(files: KeyFiles): { readonly keys: readonly KeyRecord[]; readonly unusable: readonly Finding[] } {
  try {
    const keys = readKeys(files);
    if (keys.length > 0 && readPepper(files) === undefined) {
      return {
        keys,
        unusable: [
          {
            check: "keys",
            status: "failed",
            message: `There are keys in ${files.keysFile} but no pepper to check them with`,
            hint: `Restore ${files.pepperFile} or set STARGATE_PEPPER.`,
          },
        ],
      };
    }
    return { keys, unusable: [] };
  } catch (error) {
    if (!isStargateError(error)) throw error;
    return { keys: [], unusable: [{ check: "keys", status: "failed", message: error.message, hint: error.hint }] };
  }
}

/** What the operator opened up. */
export const checkOpenings: Check = ({ config }) => {
  const { allow, server, auth } = config;
  const findings: Finding[] = [];
  if (allow.urlInputs && allow.hosts.length === 0)
    findings.push({
      check: "openings",
      status: "failed",
      message: "allow.urlInputs is on and allow.hosts is empty: every URL will be refused",
      hint: "List the hosts inputs may come from in allow.hosts.",
    });
  if (allow.pipelineSpecs && !isLoopback(server.host))
    findings.push({
      check: "openings",
      status: "warning",
      message: `allow.pipelineSpecs is on and ${server.host} is reachable by others: every key may run any pipeline`,
      hint: "Put the pipelines in the configuration instead.",
    });
  if (auth.required === false && !isLoopback(server.host))
    findings.push({
      check: "openings",
      status: "failed",
      message: `auth.required is false and ${server.host} is reachable by others: the gateway will refuse to start`,
      hint: "Remove auth.required.",
    });
  return findings.length > 0 ? findings : fine("openings", "Nothing is open that need not be");
};
