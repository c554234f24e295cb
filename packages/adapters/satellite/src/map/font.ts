/**
 * A small font of our own, so that a map needs none of the machine's. Each character is one letter of radix 32 for each row
 * of five pixels, from the top; seven rows stand on the line, two more hang below it.
 */
const glyphs: Readonly<Record<string, string>> = Object.fromEntries(
  [
    "A ehhvhhh B uhhuhhu C ehggghe D uhhhhhu E vgguggv F vgguggg G ehgnhhe H hhhvhhh I e44444e J 72222ic K hikokih",
    "L ggggggv M hrllhhh N hhpljhh O ehhhhhe P uhhuggg Q ehhhlid R uhhukih S fgge11u T v444444 U hhhhhhe V hhhhha4",
    "W hhhllla X hha4ahh Y hha4444 Z v1248gv 0 ehjlphe 1 4c4444e 2 eh1248v 3 v2421he 4 26aiv22 5 vgu11he 6 68guhhe",
    "7 v124888 8 ehhehhe 9 ehhf12c a 00e1fhf b ggmphhu c 00egghe d 11djhhf e 00ehvge f 698s888 g 00fhhhf1e h ggmphhh",
    "i 40c444e j 2062222ic k ggikoki l c44444e m 00qllhh n 00mphhh o 00ehhhe p 00uhhhugg q 00fhhhf11 r 00mpggg",
    "s 00fge1u t 88s8896 u 00hhhjd v 00hhha4 w 00hhlla x 00ha4ah y 00hhhhf1e z 00v248v . 00000cc , 00000cc48",
    ": 0cc0cc0 ; 0cc0cc48 - 000e000 + 044v440 / 01248g0 ( 2488842 ) 8422248 % op248j3 < 248g842 > 8421248 = 00v0v00",
    "' 4480000 \" aa00000 ! 4444404 ? eh12404 _ 000000v & cik8lid * 04lel40 # aavavaa [ e88888e ] e22222e ° 6996000",
    "² c24e000 @ ehnlnge | 4444444 ^ 4ah0000 ~ 008l200 $ 4fke5u4",
  ]
    .join(" ")
    .split(" ")
    .reduce<[string, string][]>((pairs, part, index, parts) => {
      if (index % 2 === 0) pairs.push([part, parts[index + 1] ?? ""]);
      return pairs;
    }, []),
);

/** Stands for a character that the font does not have. */
const UNKNOWN = "vhhhhhv";
/** What the font has another sign for. */
const others: Readonly<Record<string, string>> = {
  "–": "-",
  "—": "-",
  "−": "-",
  "×": "x",
  "·": ".",
  "’": "'",
  "`": "'",
};
const SPACE_COLUMNS = 3;

/** A character as the font draws it. */
export interface Glyph {
  /** Five bits for each row; the highest is the left pixel of `left` on. */
  readonly rows: readonly number[];
  /** First column with ink, and how many there are from there on. */
  readonly left: number;
  readonly columns: number;
}

/** Rows above the line. */
export const FONT_ROWS = 7;

/** Glyphs of a text; letters with accents lose them. */
export function glyphsOf(text: string): readonly Glyph[] {
  const plain = text.normalize("NFD").replaceAll(/\p{Mark}/gu, "");
  return Array.from(plain, (character) => {
    if (/\s/.test(character)) return { rows: [], left: 0, columns: SPACE_COLUMNS };
    const rows = Array.from(glyphs[others[character] ?? character] ?? UNKNOWN, (row) => Number.parseInt(row, 32));
    const ink = rows.reduce((all, row) => all | row, 0);
    const left = Math.clz32(ink) - 27;
    const right = 31 - Math.clz32(ink & -ink);
    return { rows, left, columns: 5 - left - right };
  });
}
