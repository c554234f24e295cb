import { constants, existsSync } from "node:fs";
import { access, readdir, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { didYouMean, isStargateError } from "@stargate/kernel";
import { openModelStore, type OpenModelStore } from "../../compute/open-model-store.ts";
import { formatBytes } from "../../config/byte-size.ts";
import { createNodeClock } from "../../host/node-clock.ts";
import { modelsOfAdapters } from "../models/with-models.ts";
import { ladderFindings } from "./check-ladders.ts";
import { fine, type Check, type Examination, type Finding } from "./finding.ts";

/** Models: the folder can be written, what is named exists, what is declared with a path is there. */
export const checkModels: Check = async (examination) => {
  const { config, directory, environment } = examination;
  try {
    await using opened = openModelStore({ config, directory }, { clock: createNodeClock(), environment });
    const { specs, transforms } = await modelsOfAdapters({ config, directory });
    opened.store.declare(specs);
    const findings = [
      ...(await folderFindings(opened)),
      ...nameFindings(opened, examination),
      ...declaredFindings(opened, examination),
      ...(await quarantineFindings(opened)),
    ];
    const ladders = ladderFindings(transforms, opened);
    return findings.length > 0 ? [...findings, ...ladders] : [...fine("models", await summaryOf(opened)), ...ladders];
  } catch (error) {
    if (!isStargateError(error)) throw error;
    return [{ check: "models", status: "failed", message: error.message, hint: error.hint }];
  }
};

async function folderFindings({ folder, folders }: OpenModelStore): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const nearest = existingFolder(folder);
  try {
    await access(nearest, constants.W_OK);
  } catch {
    findings.push({
      check: "models",
      status: "failed",
      message: `The model folder ${folder} cannot be written`,
      hint: `Correct the permissions of ${nearest}, or set models.directory.`,
    });
  }
  for (const missing of folders.filter((path) => !existsSync(path)))
    findings.push({
      check: "models",
      status: "warning",
      message: `There is no model folder ${missing}`,
      hint: "Correct STARGATE_MODELS or models.folders.",
    });
  return findings;
}

/** The folder itself, or the one it would be made in. */
function existingFolder(folder: string): string {
  let path = folder;
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  return path;
}

function nameFindings({ store }: OpenModelStore, { config }: Examination): readonly Finding[] {
  const known = [...new Set(store.specs.map(({ id }) => id))];
  const named = [
    ...config.models.allow.map((id) => ({ field: "models.allow", id })),
    ...config.models.accept.map((id) => ({ field: "models.accept", id })),
  ];
  return named
    .filter(({ id }) => !known.includes(id))
    .map(({ field, id }) => ({
      check: "models",
      status: "warning",
      message: `${field} names "${id}", and there is no such model${didYouMean(id, known)}`,
      hint: "Run stargate models list for the names.",
    }));
}

/** The operator's own models that would fail when they are asked for. */
function declaredFindings({ store }: OpenModelStore, { config }: Examination): readonly Finding[] {
  return store
    .list()
    .filter(({ model, state }) => model in config.models.declare && (state === "absent" || state === "unaccepted"))
    .map(({ model, variant, state }) => ({
      check: "models",
      status: "warning",
      message:
        state === "absent"
          ? `Model "${model}" (${variant}) of models.declare is not on this machine`
          : `Model "${model}" (${variant}) of models.declare has no sha256`,
      hint:
        state === "absent"
          ? `Put the file where models.declare.${model} says, or run stargate models pull ${model}`
          : `Add what sha256sum prints to models.declare.${model}, or run stargate models pull ${model} --accept`,
    }));
}

async function quarantineFindings({ folder }: OpenModelStore): Promise<readonly Finding[]> {
  const names = await readdir(join(folder, "quarantine")).catch(() => []);
  if (names.length === 0) return [];
  return [
    {
      check: "models",
      status: "warning",
      message: `${names.length} model files had other bytes than they must have and lie in quarantine`,
      hint: "Check the disk, pull the models again, then run stargate models gc.",
    },
  ];
}

async function summaryOf({ store, folder }: OpenModelStore): Promise<string> {
  const listings = store.list();
  const ready = listings.filter(({ state }) => state === "ready").length;
  const { bavail, bsize } = await statfs(existingFolder(folder));
  return `${ready} of ${listings.length} variants ready; ${folder}, ${formatBytes(bavail * bsize)} free`;
}
