import { addKey, readKeys, removeKey } from "../../auth/key-store.ts";
import { loadConfig } from "../../config/load-config.ts";
import { fail } from "../../errors/server-errors.ts";
import { keyFilesOf } from "../../gateway/key-files.ts";
import { defineCliCommand, sharedArgs } from "../command.ts";
import type { Terminal } from "../terminal.ts";

const dayMs = 86_400_000;

export const keysCreate = defineCliCommand({
  description: "Stores only an HMAC of the key. A running gateway takes it within a second or two.",
  args: {
    ...sharedArgs,
    tenant: {
      type: "string",
      description: "Whose key it is: receipts and data are kept apart by it",
      valueHint: "name",
    },
    days: { type: "string", description: "Days until it expires; never by default", valueHint: "number" },
  },
  async run({ args, json, terminal }) {
    const { tenant, days } = args;
    if (tenant === undefined || !/^[\w.-]{1,64}$/.test(tenant))
      throw fail("SG_CLI_USAGE", "Name the tenant with --tenant: letters, digits, dots and hyphens");
    if (days !== undefined && !(Number(days) > 0))
      throw fail("SG_CLI_USAGE", `--days is "${days}", not a number above 0`);
    const now = new Date();
    const expiresAt = days === undefined ? undefined : new Date(now.getTime() + Number(days) * dayMs);
    const { key, record } = addKey(await files(args.config, terminal), { tenant, expiresAt, now });
    if (json)
      return terminal.out(`${JSON.stringify({ key, id: record.id, tenant, expiresAt: record.expiresAt ?? null })}\n`);
    terminal.out(`${key}\n`);
    terminal.err(`Key ${record.id} for ${tenant}. It is shown this once; keep it safe.\n`);
  },
});

export const keysList = defineCliCommand({
  description: "Keys themselves are not stored and cannot be shown.",
  args: sharedArgs,
  async run({ args, json, terminal }) {
    const keys = readKeys(await files(args.config, terminal)).map(({ id, tenant, createdAt, expiresAt }) => ({
      id,
      tenant,
      createdAt,
      expiresAt: expiresAt ?? null,
    }));
    if (json) return terminal.out(`${JSON.stringify({ keys })}\n`);
    terminal.out(
      keys.length === 0
        ? "There are no keys.\n"
        : keys
            .map(
              ({ id, tenant, createdAt, expiresAt }) =>
                `${id}  ${tenant}  created ${createdAt}  ${expiresAt === null ? "never expires" : `expires ${expiresAt}`}\n`,
            )
            .join(""),
    );
  },
});

export const keysRevoke = defineCliCommand({
  description: "A running gateway refuses it within a second or two.",
  args: {
    ...sharedArgs,
    id: { type: "positional", description: "Id of the key, as `keys list` shows it", required: true },
  },
  async run({ args, json, terminal }) {
    if (!removeKey(await files(args.config, terminal), args.id))
      throw fail("SG_CLI_USAGE", `There is no key "${args.id}"`, { hint: "Run stargate keys list." });
    terminal.out(json ? `${JSON.stringify({ revoked: args.id })}\n` : `Revoked ${args.id}\n`);
  },
});

async function files(configFile: string | undefined, terminal: Terminal) {
  const { config, directory } = await loadConfig({ file: configFile, directory: terminal.directory });
  return keyFilesOf(config, directory, terminal.environment);
}
