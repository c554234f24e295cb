import { groupBy } from "./group-by.ts";
import { foldText } from "./fold-text.ts";
import { type FoundField, foundField } from "./found-field.ts";
import { boundingBox, type PlacedWord, type Row, splitCells } from "./placed-words.ts";
import { type LabelInRow, wordsBelow } from "./row-labels.ts";
/** Endings and parts of company names that say so. */
const legalForm =
  /(?:^|[\s,])(?:GmbH(?:\s*&\s*Co\.?\s*KG)?|AG|UG|KG|OHG|e\.\s?K\.|eG|GbR|Ltd\.?|Limited|LLC|LLP|Inc\.?|Incorporated|Corp\.?|Corporation|PLC|plc|Pty\.?|Pvt\.?|S\.?\s?A\.?(?:\s?S\.?)?|SARL|S\.\s?[àa]\s?r\.\s?l\.?|SAS|EURL|SNC|S\.?L\.?U?\.?|S\.?\s?r\.?\s?l\.?|S\.?p\.?A\.?|S\.?n\.?c\.?|B\.?V\.?|N\.?V\.?|V\.?O\.?F\.?|Lda\.?|Unipessoal|Sàrl|Oy|AB|ApS|A\/S|AS|SE|Sp\.\s?z\s?o\.\s?o\.)(?=$|[\s,.;|·•])/u;

/** A cell that may be the name of the supplier. */
interface NameCandidate {
  readonly words: readonly PlacedWord[];
  readonly name: string;
  readonly score: number;
}

/** Rows of an address block under "Bill to". */
const RECIPIENT_ROWS = 3;
const separator = /^[·•|,;–—-]$|[·•|,;]$/u;

/**
 * Reads the supplier's name. Companies are recognised by their legal form; the supplier is the one that stands high on
 * the page, in large type, and again in the footer, and does not stand under "Bill to".
 */
export function findSupplier(rows: readonly Row[], labels: readonly LabelInRow[]): FoundField | undefined {
  const recipients = new Set(
    labels
      .filter((label) => label.meaning === "recipient")
      .flatMap((label) => [...label.following, ...wordsBelow(label, rows, RECIPIENT_ROWS, 6).flat()]),
  );
  const named = labelledNames(rows, labels);
  const firstPage = rows.filter((row) => row.page === rows[0]?.page);
  const cells = rows
    .flatMap((row) => splitCells(row.words, row.em).map((words) => ({ row, words: nameOnly(words) })))
    .filter(({ words }) => words.length > 0);
  const occurrences = groupBy(
    cells.filter(({ words }) => !recipients.has(words[0] as PlacedWord)),
    ({ words }) => key(words),
  ); // checked above
  const height = firstPage.at(-1)?.box[3] ?? 1;
  const candidates = cells.flatMap(({ row, words }): readonly NameCandidate[] => {
    const name = words
      .map((word) => word.text)
      .join(" ")
      .replace(/[,;|·•]+$/u, "")
      .trim();
    const hasForm = legalForm.test(name);
    if (recipients.has(words[0] as PlacedWord) || !isName(name) || row.page !== firstPage[0]?.page) return [];
    const box = boundingBox(words);
    const size = Math.min(3, (box[3] - box[1]) / row.em);
    const isHigh = 1 - box[1] / height;
    const repeats = Math.min(3, occurrences.get(key(words))?.length ?? 1) - 1;
    const isNamed = named.has(words[0] as PlacedWord);
    const score = (hasForm ? 3 : 0) + size + 1.5 * isHigh + 1.5 * repeats + (isNamed ? 3 : 0);
    return hasForm || isNamed || (size > 1.25 && isHigh > 0.7) ? [{ words, name, score }] : [];
  });
  const best = candidates.reduce<NameCandidate | undefined>(
    (top, candidate) => (top === undefined || candidate.score > top.score ? candidate : top),
    undefined,
  );
  return best && foundField(best.name, best.words, best.score >= 5 ? 0.95 : 0.8);
}

/** Words right of or under "From", "Seller", "Account holder". */
function labelledNames(rows: readonly Row[], labels: readonly LabelInRow[]): ReadonlySet<PlacedWord> {
  return new Set(
    labels
      .filter((label) => label.meaning === "supplier")
      .flatMap((label) =>
        [label.following[0], wordsBelow(label, rows, 1)[0]?.[0]].filter((word) => word !== undefined),
      ),
  );
}

/** The part of a cell up to the first separator: "Muster GmbH · Ring 1 · 10115 Berlin". */
function nameOnly(words: readonly PlacedWord[]): readonly PlacedWord[] {
  const end = words.findIndex((word) => separator.test(word.text));
  if (end === -1) return words;
  const isMark = /^[·•|,;–—-]$/u.test(words[end]?.text ?? "");
  return words.slice(0, isMark ? end : end + 1);
}

function isName(name: string): boolean {
  const letters = name.replace(/[^\p{L}]/gu, "").length;
  return (
    letters >= 3 &&
    name.length <= 60 &&
    !/[@:]|www\.|https?/i.test(name) &&
    letters > 0.6 * name.replace(/\s/g, "").length
  );
}

function key(words: readonly PlacedWord[]): string {
  return foldText(words.map((word) => word.text).join("")).replace(/[^a-z0-9]/g, "");
}
