import { explainDecision } from "@stargate/compute";
import { formatProblems, type Receipt, receiptSchema, schemaProblems } from "@stargate/kernel";
import { z } from "zod";
import { fail } from "../../errors/server-errors.ts";
import { decisionIds } from "../../gateway/decision-ids.ts";
import { askGateway, gatewayArgs } from "../ask-gateway.ts";
import { defineCliCommand, sharedArgs } from "../command.ts";
import { openInput } from "../input-files.ts";
import { withSession } from "../open-session.ts";
import type { Terminal } from "../terminal.ts";

/** What is read of the gateway's explanation. */
const explainedSchema = z.object({
  receipt: z.string(),
  decisions: z.array(z.object({ id: z.string(), explanation: z.array(z.string()) })),
  notKept: z.array(z.string()),
});
type Explained = z.output<typeof explainedSchema>;

/** An answer together with its receipt, as the gateway and `run --json` give it. */
const envelopeSchema = z.object({ receipt: z.unknown() });

export const explain = defineCliCommand({
  description:
    "RECEIPT is an id, and a running gateway is asked; or a file (- for stdin) with a receipt or an answer that holds one, and decisions are looked up on disk (compute.logDecisions).",
  args: {
    ...sharedArgs,
    ...gatewayArgs,
    receipt: { type: "positional", description: "Id of a receipt, or a file that holds one", required: true },
  },
  async run({ args, json, terminal }) {
    const isId = /^[0-9a-f]{32}$/.test(args.receipt);
    const explained = isId
      ? explainedSchema.parse(await askGateway(terminal, args, `/v1/receipts/${args.receipt}/explain`))
      : await explainFile(await readReceipt(args.receipt, terminal), args.config, terminal);
    terminal.out(json ? `${JSON.stringify(explained)}\n` : formatted(explained));
  },
});

async function explainFile(receipt: Receipt, config: string | undefined, terminal: Terminal): Promise<Explained> {
  return withSession(terminal, config, async ({ compute }) => {
    const ids = decisionIds(receipt);
    const records = await (await compute.open()).plane.decisions(ids);
    const kept = new Set(records.map(({ id }) => id));
    return {
      receipt: receipt.id,
      decisions: records.map((record) => ({ id: record.id, explanation: [...explainDecision(record)] })),
      notKept: ids.filter((id) => !kept.has(id)),
    };
  });
}

async function readReceipt(path: string, terminal: Terminal): Promise<Receipt> {
  const text = await (await openInput(path, terminal)).text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw fail("SG_CLI_USAGE", `${path} is not JSON`, { cause, hint: "Give a receipt, or what `run --json` printed." });
  }
  const envelope = envelopeSchema.safeParse(value);
  const found = envelope.success ? envelope.data.receipt : value;
  const receipt = receiptSchema.safeParse(found);
  if (receipt.success) return receipt.data;
  throw fail(
    "SG_CLI_USAGE",
    `${path} holds no receipt: ${formatProblems(schemaProblems(receipt.error, receiptSchema, found))}`,
  );
}

function formatted({ receipt, decisions, notKept }: Explained): string {
  if (decisions.length === 0 && notKept.length === 0) return `Receipt ${receipt}: no model was run.\n`;
  const paragraphs = decisions.map(({ explanation }) => explanation.join("\n"));
  if (notKept.length > 0)
    paragraphs.push(`${notKept.length} further decision(s) are not kept any more: ${notKept.join(", ")}`);
  return `${paragraphs.join("\n\n")}\n`;
}
