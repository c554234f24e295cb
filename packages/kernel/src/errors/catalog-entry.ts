/** One line of an error catalogue; `docs/errors.md` is made of these. */
export interface CatalogEntry {
  /** RFC 9457 `title`: the same for every occurrence. */
  readonly title: string;
  readonly meaning: string;
  /** What to do, as an imperative a newcomer can follow. */
  readonly solution: string;
  /** HTTP status a gateway answers with. */
  readonly status: number;
  /** Trying again unchanged may succeed. */
  readonly retryable: boolean;
  /** The message may leave the server. */
  readonly public: boolean;
}

export type ErrorCatalog = Readonly<Record<`SG_${string}`, CatalogEntry>>;
