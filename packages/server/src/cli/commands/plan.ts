import { formatExplanation } from "@stargate/kernel";
import { fail } from "../../errors/server-errors.ts";
import { defineCliCommand, sharedArgs } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { openInput } from "../input-files.ts";
import { withSession } from "../open-session.ts";

export const plan = defineCliCommand({
  description: "FILE may also be the name of a modality. Nothing is run.",
  args: {
    ...sharedArgs,
    file: { type: "positional", description: "Input file, or a modality", required: true },
    to: { type: "string", description: "Modality wanted", valueHint: "modality" },
  },
  async run({ args, json, terminal }) {
    const { to } = args;
    if (to === undefined) throw fail("SG_CLI_USAGE", "Say what you want with --to");
    return withSession(terminal, args.config, async ({ gate }) => {
      gate.registry.modality(to); // names the nearest when there is none of this name
      const isModality = gate.registry.modalities.some(({ id }) => id === args.file);
      const from = isModality ? args.file : await openInput(args.file, terminal);
      const explanation = await gate.explain({ from, to });
      terminal.out(json ? `${JSON.stringify(explanation)}\n` : formatExplanation(explanation));
      return explanation.missing === null ? exitCodes.ok : exitCodes.input;
    });
  },
});
