import type { Receipt } from "@stargate/kernel";

/** The last receipts, for `GET /v1/receipts/{id}`. A tenant sees its own only. */
export interface ReceiptStore {
  add(receipt: Receipt): void;
  get(tenant: string, id: string): Receipt | undefined;
}

/** Keeps the newest `maxEntries` receipts in memory. Another tenant's id looks like an unknown one. */
export function createReceiptStore(maxEntries: number): ReceiptStore {
  const receipts = new Map<string, Receipt>();
  return {
    add(receipt) {
      receipts.set(receipt.id, receipt);
      if (receipts.size <= maxEntries) return;
      // A Map iterates in the order of insertion: the first key is the oldest.
      const oldest = receipts.keys().next();
      if (oldest.done !== true) receipts.delete(oldest.value);
    },
    get(tenant, id) {
      const receipt = receipts.get(id);
      return receipt?.tenant === tenant ? receipt : undefined;
    },
  };
}
