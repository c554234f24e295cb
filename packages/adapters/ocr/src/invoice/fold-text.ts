/** Text for comparing: lower case, no accents, typographic marks as plain ones. "N° Fäßchen" is "n° fasschen". */
export function foldText(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ø", "o")
    .replaceAll("æ", "ae")
    .replace(/[\u2018\u2019\u00B4`]/g, "'")
    .replace(/[\u2010-\u2015\u2212]/g, "-");
}
