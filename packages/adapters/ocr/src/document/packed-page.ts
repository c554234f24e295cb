import type { PageText } from "@stargate/kernel";

type Page = PageText["pages"][number];

/** A page whose blocks are UTF-8 JSON: what crosses from a worker, and what a long document is kept as. */
export interface PackedPage extends Omit<Page, "blocks"> {
  readonly blocks: Uint8Array<ArrayBuffer>;
}

export function packPage({ blocks, ...facts }: Page): PackedPage {
  return { ...facts, blocks: new TextEncoder().encode(JSON.stringify(blocks)) };
}

/**
 * The page again; its blocks are made when they are asked for. Until then they lie outside the heap: a book of 500
 * dense pages holds 200,000 words, which take four times as much memory as objects, and the gateway's thread need not
 * touch them. The blocks made last stay while somebody uses them, so that reading them again and again costs nothing.
 */
export function unpackPage({ blocks: packed, ...facts }: PackedPage): Page {
  let made: WeakRef<Page["blocks"]> | undefined;
  return Object.defineProperty(facts as Page, "blocks", {
    enumerable: true,
    get() {
      let blocks = made?.deref();
      if (blocks === undefined) {
        blocks = JSON.parse(new TextDecoder().decode(packed)) as Page["blocks"]; // written by packPage
        made = new WeakRef(blocks);
      }
      return blocks;
    },
  });
}
