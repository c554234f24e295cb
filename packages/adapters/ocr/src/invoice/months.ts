import { foldText } from "./fold-text.ts";

/** Names of the months in the languages of labels.ts, without accents; abbreviations are their beginnings. */
const names: readonly (readonly string[])[] = [
  ["january", "januar", "janner", "janvier", "enero", "gennaio", "januari", "janeiro"],
  ["february", "februar", "feber", "fevrier", "febrero", "febbraio", "februari", "fevereiro"],
  ["march", "marz", "maerz", "mars", "marzo", "maart", "marco"],
  ["april", "avril", "abril", "aprile"],
  ["may", "mai", "mayo", "maggio", "mei", "maio"],
  ["june", "juni", "juin", "junio", "giugno", "junho"],
  ["july", "juli", "juillet", "julio", "luglio", "julho"],
  ["august", "aout", "agosto", "augustus"],
  ["september", "septembre", "septiembre", "setiembre", "settembre", "setembro", "sept"],
  ["october", "oktober", "octobre", "octubre", "ottobre", "outubro"],
  ["november", "novembre", "noviembre", "novembro"],
  ["december", "dezember", "decembre", "diciembre", "dicembre", "dezembro"],
];
/** Abbreviations that are no beginnings. */
const irregular: Readonly<Record<string, number>> = {
  mrz: 3,
  mrt: 3,
  gen: 1,
  ene: 1,
  ago: 8,
  dic: 12,
  dez: 12,
  out: 10,
  okt: 10,
  ott: 10,
  set: 9,
  mag: 5,
  giu: 6,
  lug: 7,
  abr: 4,
  avr: 4,
  fev: 2,
};

/** Month (1-12) of a name or abbreviation of at least three letters in any of the languages; undefined when it is none. */
export function monthOf(name: string): number | undefined {
  const folded = foldText(name).replace(/[^a-z]/g, "");
  if (folded.length < 3) return undefined;
  if (folded in irregular) return irregular[folded];
  const months = names.flatMap((variants, index) =>
    variants.some((variant) => variant.startsWith(folded)) ? [index + 1] : [],
  );
  return months.length === 1 ? months[0] : undefined;
}
