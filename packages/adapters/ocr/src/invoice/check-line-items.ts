import type { Invoice, InvoiceFinding, InvoiceLineItem } from "@stargate/kernel";
import { addAmounts, multiplyAmounts, sameAmount, withinCents } from "./decimal.ts";

/** Cross-checks the line items against the totals and each against itself. */
export function checkLineItems(
  items: readonly InvoiceLineItem[],
  totals: Pick<Invoice, "net" | "total">,
  adjustments: readonly string[],
): readonly InvoiceFinding[] {
  return [...items.flatMap(checkProduct), ...checkSum(items, totals, adjustments)];
}

/** quantity x unit price = amount, to the cent that rounding may cost. */
function checkProduct(item: InvoiceLineItem, at: number): readonly InvoiceFinding[] {
  const { quantity, unitPrice, amount } = item;
  if (quantity === undefined || unitPrice === undefined || amount === undefined) return [];
  const product = multiplyAmounts(quantity.value, unitPrice.value);
  if (withinCents(product, amount.value, 1)) return [];
  return [
    {
      kind: "sum-mismatch",
      field: `lineItems.${at}.amount`,
      message: `${quantity.value} x ${unitPrice.value} is ${product}, the line says ${amount.value}`,
    },
  ];
}

/** The lines add up to the net amount, or with shipping and discounts, or to the total where prices include tax. */
function checkSum(
  items: readonly InvoiceLineItem[],
  { net, total }: Pick<Invoice, "net" | "total">,
  adjustments: readonly string[],
): readonly InvoiceFinding[] {
  const amounts = items.flatMap((item) => (item.amount === undefined ? [] : [item.amount.value]));
  const target = net ?? total;
  if (amounts.length === 0 || amounts.length < items.length || target === undefined) return [];
  const sum = addAmounts(amounts);
  const adjusted = addAmounts([sum, ...adjustments]);
  const isExplained = [net, total].some(
    (field) => field !== undefined && (sameAmount(sum, field.value) || sameAmount(adjusted, field.value)),
  );
  if (isExplained) return [];
  return [
    {
      kind: "sum-mismatch",
      field: "lineItems",
      message: `The ${items.length} lines add up to ${sum}, the ${net === undefined ? "total" : "net amount"} says ${target.value}`,
    },
  ];
}
