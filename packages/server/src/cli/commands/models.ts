import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { ModelListing, PulledModel } from "@stargate/compute";
import { formatBytes } from "../../config/byte-size.ts";
import { fail } from "../../errors/server-errors.ts";
import { defineCliCommand, sharedArgs } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { chosenVariant } from "../models/named-models.ts";
import { createPullProgress } from "../models/pull-progress.ts";
import { formatListing, formatPulled } from "../models/format-models.ts";
import { withModels } from "../models/with-models.ts";
import type { Terminal } from "../terminal.ts";

export const modelsList = defineCliCommand({
  description:
    "ready: on this machine. fetchable: downloaded when first used. absent: run stargate models pull. unaccepted: no sha256 is declared, so it has to be accepted.",
  args: sharedArgs,
  run: ({ args, json, terminal }) =>
    withModels(terminal, args.config, async ({ store, folder }) => {
      const models: readonly ModelListing[] = store.list();
      terminal.out(json ? `${JSON.stringify({ folder, models })}\n` : formatListing(models));
    }),
});

export const modelsPull = defineCliCommand({
  description:
    "Every byte is checked against the declared sha256. A download that was broken off goes on where it ended. Without names: what models.allow lists.",
  args: {
    ...sharedArgs,
    name: { type: "positional", description: "Models to download", required: false },
    variant: { type: "string", description: "Variant; default: the best one with a known sha256", valueHint: "name" },
    all: { type: "boolean", description: "All variants", default: false },
    accept: {
      type: "boolean",
      description: "Trust files without a declared sha256, and refuse any other from then on",
      default: false,
    },
    renew: { type: "boolean", description: "Like --accept, forgetting what was accepted before", default: false },
  },
  run: ({ args, rest, json, terminal }) =>
    withModels(terminal, args.config, async ({ store, loaded }) => {
      const names = rest.length > 0 ? rest : loaded.config.models.allow;
      if (names.length === 0)
        throw fail("SG_CLI_USAGE", "Name the models to pull", { hint: "Run stargate models list for the names." });
      const specs = names.map((name) => store.spec(name)); // all names are checked before the first byte comes
      const accept = args.renew ? "renew" : args.accept ? "first" : undefined;
      const progress = createPullProgress(terminal);
      const pulled: PulledModel[] = [];
      for (const spec of specs) {
        const variants = args.all ? spec.variants : [chosenVariant(store, spec, args.variant)];
        for (const variant of variants) {
          const { signal } = terminal;
          const pulling = store.pull(spec, variant, { signal, accept, onProgress: progress.onProgress });
          const model = await pulling.finally(() => progress.end());
          pulled.push(model);
          if (!json) terminal.out(formatPulled(model));
        }
      }
      if (json) terminal.out(`${JSON.stringify({ pulled })}\n`);
    }),
});

export const modelsVerify = defineCliCommand({
  description: "Puts damaged files of the store into quarantine. Exit code 6 when one is damaged.",
  args: sharedArgs,
  run: ({ args, json, terminal }) =>
    withModels(terminal, args.config, async ({ store }) => {
      const files = await store.verify({ signal: terminal.signal, specs: store.specs });
      const isSound = files.every(({ status }) => status === "ok");
      if (json) terminal.out(`${JSON.stringify({ ok: isSound, files })}\n`);
      else {
        for (const { name, status, message } of files)
          terminal.out(`${status.padEnd(10)} ${name}${message === undefined ? "" : `: ${message}`}\n`);
        if (files.length === 0) terminal.out("There are no model files.\n");
      }
      return isSound ? exitCodes.ok : exitCodes.problems;
    }),
});

export const modelsBundle = defineCliCommand({
  description:
    "One tar file for a machine without a network: stargate models load takes it there. Without names: every model that is ready.",
  args: {
    ...sharedArgs,
    name: { type: "positional", description: "Models to take", required: false },
    out: { type: "string", description: "File to write", valueHint: "file" },
  },
  run: ({ args, rest, json, terminal }) =>
    withModels(terminal, args.config, async ({ store }) => {
      if (args.out === undefined)
        throw fail("SG_CLI_USAGE", "Say where to write the bundle", { hint: "Add --out models.tar" });
      const specs = rest.length > 0 ? rest.map((name) => store.spec(name)) : store.specs;
      const progress = createPullProgress(terminal);
      const path = resolve(terminal.directory, args.out);
      const call = { signal: terminal.signal, onProgress: progress.onProgress };
      const result = await store.bundle(path, specs, call).finally(() => progress.end());
      if (json) return terminal.out(`${JSON.stringify({ path, ...result })}\n`);
      for (const { model, version, variant } of result.models)
        terminal.out(`${model} ${version} ${variant ?? "(assets)"}\n`);
      terminal.out(`${path}: ${formatBytes(result.sizeBytes)}, sha256 ${result.sha256}\n`);
    }),
});

export const modelsLoad = defineCliCommand({
  description: "Takes a bundle into the model store; every byte is checked.",
  args: {
    ...sharedArgs,
    file: { type: "positional", description: "Bundle, or - for stdin", required: true },
    accept: { type: "boolean", description: "Trust files without a declared sha256", default: false },
  },
  run: ({ args, json, terminal }) =>
    withModels(terminal, args.config, async ({ store }) => {
      const progress = createPullProgress(terminal);
      const call = { signal: terminal.signal, isAccepted: args.accept, onProgress: progress.onProgress };
      const result = await store.load(await openBundle(args.file, terminal), call).finally(() => progress.end());
      if (json) return terminal.out(`${JSON.stringify(result)}\n`);
      for (const { model, version, variant } of result.models)
        terminal.out(`${model} ${version} ${variant ?? "(assets)"}\n`);
      terminal.out(`${result.newBlobs} new ${result.newBlobs === 1 ? "file" : "files"}\n`);
      for (const model of result.unaccepted)
        terminal.err(
          `${model} has files without a declared sha256. hint: Run stargate models pull ${model} --accept to trust them.\n`,
        );
    }),
});

export const modelsGc = defineCliCommand({
  description:
    "Removes files of the store that no model needs, abandoned downloads and what is in quarantine. What a running gateway uses stays.",
  args: {
    ...sharedArgs,
    undeclared: {
      type: "boolean",
      description: "Also files of models that neither configuration nor adapters declare now",
      default: false,
    },
  },
  run: ({ args, json, terminal }) =>
    withModels(terminal, args.config, async ({ store }) => {
      const result = await store.collectGarbage({ undeclared: args.undeclared });
      if (json) return terminal.out(`${JSON.stringify(result)}\n`);
      const freedBytes = result.removed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      for (const { name, sizeBytes } of result.removed) terminal.out(`removed ${name}, ${formatBytes(sizeBytes)}\n`);
      for (const name of result.inUse) terminal.out(`in use  blob ${name}\n`);
      terminal.out(
        result.removed.length === 0 ? "There is nothing to remove.\n" : `${formatBytes(freedBytes)} freed\n`,
      );
    }),
});

/** Throws SG_CLI_FILE. */
async function openBundle(path: string, terminal: Terminal): Promise<AsyncIterable<Uint8Array>> {
  if (path === "-") return terminal.stdin;
  const file = resolve(terminal.directory, path);
  const stats = await stat(file).catch((cause: unknown) => {
    throw fail("SG_CLI_FILE", `There is no file ${path}`, { cause });
  });
  if (!stats.isFile()) throw fail("SG_CLI_FILE", `${path} is not a file`);
  return createReadStream(file, { highWaterMark: 512 * 1024 });
}
