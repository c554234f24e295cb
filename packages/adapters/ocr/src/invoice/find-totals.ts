import type { InvoiceFinding } from "@stargate/kernel";
import { settleAmount } from "./amounts.ts";
import { addAmounts, sameAmount, withinCents } from "./decimal.ts";
import type { DocumentFacts } from "./document-facts.ts";
import { confirmed, type FoundField, foundField } from "./found-field.ts";
import type { LabelMeaning } from "./labels.ts";
import { type FoundNumber, findNumbers } from "./money.ts";
import type { PlacedWord, Row } from "./placed-words.ts";
import { type LabelInRow, wordsBelow } from "./row-labels.ts";

export interface FoundTotals {
  readonly net?: FoundField;
  readonly tax?: FoundField;
  readonly total?: FoundField;
  /** Shipping added and discounts taken off between the lines and the net amount, signed. */
  readonly adjustments: readonly string[];
  readonly findings: readonly InvoiceFinding[];
}

interface Candidate {
  readonly meaning: LabelMeaning;
  readonly value: string;
  readonly alternatives: readonly string[];
  readonly words: readonly PlacedWord[];
  readonly sureness: number;
}

/**
 * Reads net, tax and total. Where labels offer several amounts, those are taken that add up; tax lines of several rates
 * are summed.
 */
export function findTotals(rows: readonly Row[], labels: readonly LabelInRow[], facts: DocumentFacts): FoundTotals {
  const found = labels.flatMap((label) => candidateOf(label, rows, facts) ?? []);
  const of = (...meanings: LabelMeaning[]): readonly Candidate[] =>
    found.filter((candidate) => meanings.includes(candidate.meaning));
  const nets = of("net");
  const taxes = distinctWords(of("tax"));
  const totals = [...of("total").toReversed(), ...of("weakTotal").toReversed()];
  const findings: InvoiceFinding[] = [];
  const triple = consistentTriple(nets, taxes, totals);
  const net = triple?.net ?? nets[0];
  // A tax line whose amount was lost makes the sum of the others meaningless.
  const isTaxComplete = !labels.some(
    (label) =>
      label.meaning === "tax" && amountsIn(label.following).length > 0 && candidateOf(label, rows, facts) === undefined,
  );
  const tax = triple?.tax ?? (taxes.length > 0 && isTaxComplete ? taxes : undefined);
  const total = triple?.total ?? totals[0];
  const sure = triple !== undefined;
  return {
    ...optional("net", net && toField("net", [net], sure, findings)),
    ...optional("tax", tax && toField("tax", tax, sure, findings)),
    ...optional("total", total && toField("total", [total], sure, findings)),
    adjustments: [
      ...of("shipping").map(({ value }) => value),
      ...of("discount").map(({ value }) => (value.startsWith("-") ? value : `-${value}`)),
    ],
    findings,
  };
}

function optional<Key extends string>(key: Key, field: FoundField | undefined): Partial<Record<Key, FoundField>> {
  return field === undefined ? {} : ({ [key]: field } as Record<Key, FoundField>); // a computed key loses its literal type
}

/** "VAT 20 % of 100.00": what stands behind such a word is what the tax is taken of. */
const baseWord = /^(?:auf|von|of|on|sur|sobre|su|op|over|de)$/i;

/** Amount beside a label, the last one of the row ("VAT 20% of 100.00  20.00"), else the first one below. */
function candidateOf(label: LabelInRow, rows: readonly Row[], facts: DocumentFacts): Candidate | undefined {
  const bases = new Set(label.following.filter((_, at) => baseWord.test(label.following[at - 1]?.text ?? "")));
  const beside = amountsIn(label.following);
  const chosen = beside.findLast((amount) => !amount.words.some((word) => bases.has(word)));
  if (chosen !== undefined) return toCandidate(label, chosen, 1, facts);
  if (beside.length > 0) return undefined;
  for (const words of wordsBelow(label, rows, 2)) {
    const below = amountsIn(words)[0];
    if (below !== undefined) return toCandidate(label, below, 0.95, facts);
  }
  return undefined;
}

function amountsIn(words: readonly PlacedWord[]): readonly FoundNumber[] {
  return findNumbers(words).filter((number) => number.isMoney);
}

function toCandidate(
  label: LabelInRow,
  number: FoundNumber,
  sureness: number,
  facts: DocumentFacts,
): Candidate | undefined {
  const [value, ...alternatives] = settleAmount(number.reading, facts.decimalMark, number.written);
  return value === undefined
    ? undefined
    : {
        meaning: label.meaning,
        value,
        alternatives,
        words: number.words,
        sureness: sureness * (0.9 + 0.1 * label.closeness),
      };
}

/** The same amount found through two labels ("VAT" and "VAT amount") counts once. */
function distinctWords(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(
    (candidate, at) => !candidates.slice(0, at).some((earlier) => earlier.words[0] === candidate.words[0]),
  );
}

function consistentTriple(
  nets: readonly Candidate[],
  taxes: readonly Candidate[],
  totals: readonly Candidate[],
): { readonly net: Candidate; readonly tax: readonly Candidate[]; readonly total: Candidate } | undefined {
  const groups = taxes.length > 1 ? [taxes, ...taxes.map((tax) => [tax])] : taxes.map((tax) => [tax]);
  for (const total of totals) {
    for (const net of nets) {
      for (const tax of groups) {
        if (withinCents(addAmounts([net.value, ...tax.map(({ value }) => value)]), total.value, 0))
          return { net, tax, total };
      }
    }
  }
  return undefined;
}

function toField(
  field: string,
  parts: readonly Candidate[],
  isConsistent: boolean,
  findings: InvoiceFinding[],
): FoundField | undefined {
  const ambiguous = parts.find((part) => part.alternatives.length > 0);
  if (ambiguous !== undefined && !isConsistent) {
    const candidates = [ambiguous.value, ...ambiguous.alternatives];
    const written = ambiguous.words.map((word) => word.text).join(" ");
    findings.push({
      kind: "ambiguous-amount",
      field,
      message: `"${written}" may be ${candidates.join(" or ")}; no other number of the document settles it`,
      candidates,
    });
    return undefined;
  }
  const value = parts.length === 1 ? (parts[0]?.value ?? "0") : addAmounts(parts.map((part) => part.value));
  const sureness = Math.min(...parts.map((part) => part.sureness));
  const [first, ...rest] = parts;
  const single = foundField(value, first?.words ?? [], sureness);
  const all = {
    ...single,
    evidence: [...single.evidence, ...rest.flatMap((part) => foundField(part.value, part.words, 1).evidence)],
  };
  return isConsistent ? confirmed(all) : all;
}

/** Contradictions between the three amounts. */
export function checkTotals({
  net,
  tax,
  total,
}: Pick<FoundTotals, "net" | "tax" | "total">): readonly InvoiceFinding[] {
  if (net === undefined || tax === undefined || total === undefined) return [];
  const sum = addAmounts([net.value, tax.value]);
  return sameAmount(sum, total.value)
    ? []
    : [
        {
          kind: "sum-mismatch",
          field: "total",
          message: `Net ${net.value} plus tax ${tax.value} is ${sum}, the total says ${total.value}`,
        },
      ];
}
