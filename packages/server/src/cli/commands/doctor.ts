import { defineCliCommand, sharedArgs } from "../command.ts";
import { examine } from "../doctor/examine.ts";
import type { Finding } from "../doctor/finding.ts";
import { exitCodes } from "../exit-codes.ts";

export const doctor = defineCliCommand({
  description: "Changes nothing. Exit code 6 when something would not work; warnings alone give 0.",
  args: sharedArgs,
  async run({ args, json, terminal }) {
    const findings = await examine(terminal, args.config);
    const failed = findings.some(({ status }) => status === "failed");
    terminal.out(json ? `${JSON.stringify({ ok: !failed, findings })}\n` : findings.map(format).join(""));
    return failed ? exitCodes.problems : exitCodes.ok;
  },
});

function format({ check, status, message, hint }: Finding): string {
  return `${status.padEnd(8)} ${check}: ${message}\n${hint === undefined || status === "ok" ? "" : `         hint: ${hint}\n`}`;
}
