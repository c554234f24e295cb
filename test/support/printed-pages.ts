import type { PdfPage } from "./pdf-writer.ts";
import { paragraph } from "./pdf-writer.ts";

/** Running text without line breaks, original for this project, with letters, digits and punctuation as letters have them. */
export const prose = [
  "The harbour office opens at seven in the morning, when the first boats return with their nets half full and the gulls are already quarrelling over the wall.",
  "Nobody remembers who painted the shutters green; the bill of 1987 mentions 14 litres of paint, two brushes and a ladder, and was signed by a clerk called Quint.",
  "On Wednesdays the scales are checked against a brass weight of 5 kg, which has lost 3 grams since the war, so every sack of mussels is a little heavier than it looks.",
  "Visitors ask for the lighthouse, but there has never been one: the light they see is the lamp of the bakery, burning from half past two until the bread is done.",
  'If you walk north along the dyke for 25 minutes you reach a gate with a handwritten sign: "Please close, sheep (and one donkey) inside. Thank you!"',
  "The museum keeps a jar of sand from each of the 61 beaches, labelled in violet ink, and a register in which the colour of every jar is described in exactly nine words.",
].join(" ");

/** A page of one column of running text. */
export function prosePage(font: "F1" | "F3" = "F3", size = 11): { readonly page: PdfPage; readonly truth: string } {
  const title = "Notes from the harbour office";
  const lines = paragraph(`${prose} ${prose}`, { x: 70, y: 130, width: 455, size, font });
  return {
    page: { texts: [{ text: title, x: 70, y: 90, size: 20, font: "F2" }, ...lines] },
    truth: [title, ...lines.map((line) => line.text)].join("\n"),
  };
}
