/** Length of an IBAN by country (ISO 13616 registry, SWIFT). */
const lengths: Readonly<Record<string, number>> = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BR: 29,
  BY: 28,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  DO: 28,
  EE: 20,
  EG: 29,
  ES: 24,
  FI: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IQ: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LC: 32,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  LY: 25,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MR: 27,
  MT: 31,
  MU: 30,
  NL: 18,
  NO: 15,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  SA: 24,
  SC: 31,
  SD: 18,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  ST: 25,
  SV: 28,
  TL: 23,
  TN: 24,
  TR: 26,
  UA: 29,
  VA: 22,
  VG: 24,
  XK: 20,
};

/** Countries whose IBANs hold nothing but digits behind the country code. */
const digitsOnly = new Set([
  "AT",
  "BE",
  "CZ",
  "DE",
  "DK",
  "EE",
  "ES",
  "FI",
  "HR",
  "HU",
  "LT",
  "NO",
  "PL",
  "PT",
  "RS",
  "SE",
  "SI",
  "SK",
]);
/** Digits that engines read as letters. */
const lookalikes: Readonly<Record<string, string>> = {
  O: "0",
  Q: "0",
  D: "0",
  I: "1",
  L: "1",
  Z: "2",
  S: "5",
  B: "8",
  G: "6",
};

export interface IbanReading {
  /** Without spaces, upper case. */
  readonly iban: string;
  readonly isValid: boolean;
  /** Letters were replaced by the digits they look like, without which the checksum fails. */
  readonly isRepaired: boolean;
  readonly start: number;
  readonly end: number;
}

/** IBANs in a text, spaces inside allowed. One of the right country and length with a wrong checksum is told as invalid. */
export function readIbans(text: string): readonly IbanReading[] {
  const found: IbanReading[] = [];
  for (const match of text.matchAll(/(?<![A-Za-z0-9])([A-Z]{2})[ ]?([0-9OQDILZSBG]{2})(?=[ ]?[A-Za-z0-9])/g)) {
    const reading = readAt(text, match.index, match[1] ?? "");
    if (reading !== undefined && !found.some((other) => reading.start < other.end)) found.push(reading);
  }
  return found;
}

function readAt(text: string, start: number, country: string): IbanReading | undefined {
  const length = lengths[country];
  if (length === undefined) return undefined;
  let raw = "";
  let end = start;
  for (; end < text.length && raw.length < length; end++) {
    const character = text.charAt(end);
    if (/[A-Za-z0-9]/.test(character)) raw += character.toUpperCase();
    else if (!/[ \u00A0.-]/.test(character)) return undefined;
  }
  if (raw.length < length || /[A-Za-z0-9]/.test(text.charAt(end))) return undefined;
  if (hasValidChecksum(raw)) return { iban: raw, isValid: true, isRepaired: false, start, end };
  const repaired = repair(raw, country);
  const isRepaired = repaired !== raw && hasValidChecksum(repaired);
  return { iban: isRepaired ? repaired : raw, isValid: isRepaired, isRepaired, start, end };
}

function repair(raw: string, country: string): string {
  const digits = (part: string): string => part.replace(/[A-Z]/g, (letter) => lookalikes[letter] ?? letter);
  return country + digits(raw.slice(2, 4)) + (digitsOnly.has(country) ? digits(raw.slice(4)) : raw.slice(4));
}

/** ISO 7064 MOD 97-10: first four characters moved to the end, letters as 10-35, remainder 1. */
export function hasValidChecksum(iban: string): boolean {
  const moved = iban.slice(4) + iban.slice(0, 4);
  let remainder = 0;
  for (const character of moved) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
