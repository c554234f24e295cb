import type { Receipt } from "@stargate/kernel";
import { z } from "zod";
import { fail } from "../../errors/server-errors.ts";
import { readJsonBody } from "../body/read-json.ts";
import type { Exchange } from "../exchange.ts";
import { receiptOf } from "./catalogue.ts";

const step = z
  .string()
  .min(1)
  .optional()
  .describe("Step of the receipt it is about. Default: every step that used a model.");

/** What `POST /v1/receipts/{id}/feedback` takes: a score, or the answer together with what it should have been. */
export const feedbackSchema = z.union([
  z.strictObject({ score: z.number().min(0).max(1).describe("0 useless, 1 right."), step }),
  z.strictObject({ answer: z.string(), corrected: z.string(), step }),
]);

/** Receipts that somebody has judged: a judgement counts once. */
const judged = new WeakSet<Receipt>();

/** `POST /v1/receipts/{id}/feedback`: how good an answer was. The router learns from it how good each model variant is. */
export async function giveFeedback(exchange: Exchange): Promise<Response> {
  const receipt = await receiptOf(exchange);
  const feedback = await readJsonBody(exchange, feedbackSchema);
  const score = await scoreOf(feedback);
  const uses = receipt.steps
    .filter(({ id }) => feedback.step === undefined || feedback.step === id)
    .flatMap(({ models }) => models ?? []);
  if (uses.length === 0)
    throw fail(
      "SG_FEEDBACK_UNUSABLE",
      feedback.step === undefined
        ? `The answer of receipt "${receipt.id}" was made without a model`
        : `Step "${feedback.step}" of receipt "${receipt.id}" is not there or used no model`,
    );
  if (judged.has(receipt)) throw fail("SG_FEEDBACK_GIVEN", `Receipt "${receipt.id}" has been judged already`);
  judged.add(receipt);
  const { router } = (await exchange.gateway.compute.open()).plane;
  for (const { model, variant } of uses) router.observeQuality({ model, variant, score, source: "feedback" });
  return exchange.json({ score, learned: uses.map(({ model, variant }) => ({ model, variant })) });
}

async function scoreOf(feedback: z.output<typeof feedbackSchema>): Promise<number> {
  if ("score" in feedback) return feedback.score;
  const { textAgreement } = await import("@stargate/compute"); // with the first feedback, not at the start
  const score = textAgreement(feedback.answer, feedback.corrected);
  if (score === undefined)
    throw fail("SG_HTTP_BODY", "The answer and its correction are too long to be compared here", {
      hint: "Send a `score` from 0 to 1 instead.",
    });
  return score;
}
