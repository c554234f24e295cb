/** A first-party adapter that is published, and the conversions it provides. */
export interface KnownAdapter {
  readonly package: string;
  readonly provides: readonly { readonly from: string; readonly to: string }[];
}

/** Named when a plan lacks a hop. Only what can be installed today stands here. */
export const knownAdapters: readonly KnownAdapter[] = [
  {
    package: "@stargate/adapter-ocr",
    provides: [
      { from: "document", to: "page-text" },
      { from: "page-text", to: "text" },
      { from: "page-text", to: "invoice" },
    ],
  },
];
